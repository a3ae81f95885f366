import { Field, findFirstField, Tick } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { Sentence, type Voice } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

export function SignUp({ view, voice }: ViewProps<'sign-up'>) {
  const { form } = view;
  const { say } = voice;
  const focus = findFirstField(form, ['email', 'password']);
  return (
    <>
      <FormFrame
        voice={voice}
        form={form}
        labels={{ email: 'field.email', password: 'field.password', terms: 'field.terms' }}
      >
        <Field
          voice={voice}
          form={form}
          name="email"
          kind="email"
          label={say('field.email')}
          autocomplete="email"
          focus={focus}
        />
        <Field
          voice={voice}
          form={form}
          name="password"
          kind="password"
          label={say('field.password')}
          autocomplete="new-password"
          hint={say('hint.password', { minimum: view.passwordMinimumLength })}
          focus={focus}
        />
        <Tick voice={voice} form={form} name="terms" value="accepted">
          <Terms voice={voice} url={view.termsUrl} />
        </Tick>
        <Submit label={say('action.create-account')} />
      </FormFrame>
      <Privacy voice={voice} url={view.privacyUrl} />
      <div class="ways">
        <p>
          {say('sign-up.have-account')}{' '}
          <a href={safeAddress(view.signInUrl)}>{say('action.sign-in')}</a>
        </p>
      </div>
    </>
  );
}

interface LinkedProps {
  readonly voice: Voice;
  readonly url: string | undefined;
}

function Terms({ voice, url }: LinkedProps) {
  if (url === undefined) return <>{voice.say('sign-up.terms')}</>;
  const link = <a href={safeAddress(url)}>{voice.say('sign-up.terms-link')}</a>;
  return <Sentence voice={voice} message="sign-up.terms-linked" parts={{ terms: link }} />;
}

function Privacy({ voice, url }: LinkedProps) {
  if (url === undefined) return null;
  const link = <a href={safeAddress(url)}>{voice.say('sign-up.privacy-link')}</a>;
  return (
    <p class="hint">
      <Sentence voice={voice} message="sign-up.privacy" parts={{ privacy: link }} />
    </p>
  );
}
