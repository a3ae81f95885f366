import { AccountLede } from '../account-lede.tsx';
import { AddressField } from '../address-field.tsx';
import { findFirstField } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { PasswordField } from '../password-field.tsx';
import type { ViewProps } from './view-props.ts';

export function SignIn({ view, voice, context }: ViewProps<'sign-in'>) {
  const { form } = view;
  const { say } = voice;
  const focus = findFirstField(form, ['email', 'password']);
  return (
    <>
      <AccountLede voice={voice} context={context} />
      <FormFrame
        voice={voice}
        form={form}
        labels={{ email: 'field.email', password: 'field.password' }}
      >
        <AddressField voice={voice} form={form} focus={focus} />
        <PasswordField
          voice={voice}
          form={form}
          name="password"
          label={say('field.password')}
          focus={focus}
        />
        <Submit label={say('action.sign-in')} />
      </FormFrame>
      <div class="ways">
        <p>
          <a href={safeAddress(view.recoverUrl)}>{say('action.recover')}</a>
        </p>
        {view.otherAccountUrl !== undefined && (
          <p>
            <a href={safeAddress(view.otherAccountUrl)}>{say('action.other-account')}</a>
          </p>
        )}
        {view.signUpUrl !== undefined && (
          <p>
            {say('sign-in.no-account')}{' '}
            <a href={safeAddress(view.signUpUrl)}>{say('action.create-account')}</a>
          </p>
        )}
      </div>
    </>
  );
}
