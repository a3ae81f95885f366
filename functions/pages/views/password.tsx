import { AccountName, findFirstField } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { PasswordField } from '../password-field.tsx';
import type { ViewProps } from './view-props.ts';

export function Password({ view, voice }: ViewProps<'password'>) {
  const { form } = view;
  const { say } = voice;
  const focus = findFirstField(form, ['current', 'password']);
  return (
    <>
      <p class="lede">{say('password.consequence')}</p>
      <FormFrame
        voice={voice}
        form={form}
        labels={{ current: 'field.current-password', password: 'field.new-password' }}
      >
        <AccountName email={view.email} />
        <PasswordField
          voice={voice}
          form={form}
          name="current"
          label={say('field.current-password')}
          focus={focus}
        />
        <PasswordField
          voice={voice}
          form={form}
          name="password"
          label={say('field.new-password')}
          minimumLength={view.passwordMinimumLength}
          focus={focus}
        />
        <Submit label={say('action.save-password')} />
      </FormFrame>
      <div class="ways">
        <p>
          <a href={safeAddress(view.accountUrl)}>{say('action.back-to-account')}</a>
        </p>
      </div>
    </>
  );
}
