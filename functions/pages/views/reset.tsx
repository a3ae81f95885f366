import { AccountName, Field, findFirstField } from '../field.tsx';
import { FormFrame, Submit, TextSubmit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { PasswordField } from '../password-field.tsx';
import { Sentence, Typed } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

/** Code and new password together; after the mail's link, the new password alone. */
export function Reset({ view, voice }: ViewProps<'reset'>) {
  const { form, asksCode } = view;
  const { say } = voice;
  const focus = findFirstField(form, asksCode ? ['code', 'password'] : ['password']);
  return (
    <>
      <p class="lede">
        {asksCode && <SentTo view={view} voice={voice} />} {say('reset.consequence')}
      </p>
      <FormFrame
        voice={voice}
        form={form}
        labels={{ code: 'field.code', password: 'field.new-password' }}
      >
        {asksCode && (
          <Field
            voice={voice}
            form={form}
            name="code"
            kind="code"
            label={say('field.code')}
            autocomplete="one-time-code"
            focus={focus}
          />
        )}
        {view.email !== undefined && <AccountName email={view.email} />}
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
      <div class="apart small">
        {view.resend !== undefined && (
          <>
            <p>{say('verify.nothing')}</p>
            <FormFrame voice={voice} form={view.resend}>
              <TextSubmit label={say('action.resend')} />
            </FormFrame>
          </>
        )}
        <a class="back" href={safeAddress(view.signInUrl)}>
          {say('action.sign-in-instead')}
        </a>
      </div>
    </>
  );
}

function SentTo({ view, voice }: Omit<ViewProps<'reset'>, 'context'>) {
  if (view.email === undefined) return <>{voice.say('reset.text-address-hidden')}</>;
  return (
    <Sentence voice={voice} message="reset.text" parts={{ email: <Typed>{view.email}</Typed> }} />
  );
}
