import { AddressField } from '../address-field.tsx';
import { findFirstField, Tick } from '../field.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { Icon } from '../icons.tsx';
import { safeAddress } from '../links.ts';
import { PasswordField } from '../password-field.tsx';
import { nameCountry, namePlace } from '../places.ts';
import { Purposes } from '../purpose-fields.tsx';
import { Sentence, type Voice } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

export function SignUp({ view, voice }: ViewProps<'sign-up'>) {
  const { form } = view;
  const { say } = voice;
  const focus = findFirstField(form, ['email', 'password']);
  return (
    <>
      {view.home !== undefined && <Home voice={voice} home={view.home} />}
      <FormFrame
        voice={voice}
        form={form}
        labels={{ email: 'field.email', password: 'field.password', terms: 'field.terms' }}
      >
        <AddressField voice={voice} form={form} autocomplete="email" focus={focus} />
        <PasswordField
          voice={voice}
          form={form}
          name="password"
          label={say('field.password')}
          minimumLength={view.passwordMinimumLength}
          focus={focus}
        />
        {view.termsUrl !== undefined && (
          <Tick voice={voice} form={form} name="terms" value="accepted">
            <Terms voice={voice} url={view.termsUrl} />
          </Tick>
        )}
        {view.purposes.length > 0 && <Purposes voice={voice} purposes={view.purposes} />}
        <Submit label={say('action.create-account')} />
      </FormFrame>
      {view.privacyUrl !== undefined && <Privacy voice={voice} url={view.privacyUrl} />}
      <div class="ways">
        <p>
          {say('sign-up.have-account')}{' '}
          <a href={safeAddress(view.signInUrl)}>{say('action.sign-in')}</a>
        </p>
      </div>
    </>
  );
}

interface HomeProps {
  readonly voice: Voice;
  readonly home: NonNullable<ViewProps<'sign-up'>['view']['home']>;
}

/** Said before anything personal is typed. */
function Home({ voice, home }: HomeProps) {
  const { say } = voice;
  const place = <strong>{namePlace(voice, home.region)}</strong>;
  return (
    <div class="box">
      <Icon name="globe" />
      <div>
        <p>
          <Sentence voice={voice} message="sign-up.home" parts={{ place }} />
        </p>
        <p>
          {home.country !== undefined &&
            `${say('sign-up.home-country', { country: nameCountry(voice, home.country) })} `}
          <a href={safeAddress(home.changeUrl)}>{say('action.change-country')}</a>
        </p>
      </div>
    </div>
  );
}

interface LinkedProps {
  readonly voice: Voice;
  readonly url: string;
}

function Terms({ voice, url }: LinkedProps) {
  const link = <a href={safeAddress(url)}>{voice.say('sign-up.terms-link')}</a>;
  return <Sentence voice={voice} message="sign-up.terms" parts={{ terms: link }} />;
}

function Privacy({ voice, url }: LinkedProps) {
  const link = <a href={safeAddress(url)}>{voice.say('sign-up.privacy-link')}</a>;
  return (
    <p class="hint">
      <Sentence voice={voice} message="sign-up.privacy" parts={{ privacy: link }} />
    </p>
  );
}
