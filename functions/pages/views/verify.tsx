import { AccountName, Field, findFirstField } from '../field.tsx';
import { FormFrame, Submit, TextSubmit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { PasswordField } from '../password-field.tsx';
import { Sentence, Typed } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

/** Waiting for the code that was mailed after sign-up. */
export function Verify({ view, voice }: ViewProps<'verify'>) {
  const { form, resend } = view;
  const { say } = voice;
  return (
    <>
      <p class="lede">
        <Sentence
          voice={voice}
          message="verify.text"
          parts={{ email: <Typed>{view.email}</Typed> }}
        />
      </p>
      <FormFrame voice={voice} form={form} labels={{ code: 'field.code' }}>
        <Field
          voice={voice}
          form={form}
          name="code"
          kind="code"
          label={say('field.code')}
          autocomplete="one-time-code"
          focus={findFirstField(form, ['code'])}
        />
        <Submit label={say('action.confirm')} />
      </FormFrame>
      <div class="apart small">
        <p>{say('verify.nothing')}</p>
        <FormFrame voice={voice} form={resend}>
          <TextSubmit label={say('action.resend')} />
        </FormFrame>
        <a class="back" href={safeAddress(view.signUpUrl)}>
          {say('action.change-address')}
        </a>
      </div>
    </>
  );
}

/** Opened from the mail's link, which by itself changes nothing: mail scanners follow links. */
export function VerifyLink({ view, voice }: ViewProps<'verify-link'>) {
  const { form, asksPassword, email } = view;
  const { say } = voice;
  return (
    <>
      <p class="lede">
        <Sentence
          voice={voice}
          message={asksPassword ? 'verify-link.text-password' : 'verify-link.text'}
          parts={{ email: <Typed>{email}</Typed> }}
        />
      </p>
      <FormFrame voice={voice} form={form} labels={{ password: 'field.password' }}>
        {asksPassword && (
          <>
            <AccountName email={email} />
            <PasswordField
              voice={voice}
              form={form}
              name="password"
              label={say('field.password')}
              focus={findFirstField(form, ['password'])}
            />
          </>
        )}
        <Submit label={say('action.confirm-address')} />
      </FormFrame>
    </>
  );
}
