import { Select } from '../choice-fields.tsx';
import { FieldError, findFirstField, isOnlyError } from '../field.tsx';
import { Foreign } from '../foreign.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { safeAddress } from '../links.ts';
import { listCountries } from '../places.ts';
import { Sentence } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

/** Date of birth and country, on the way to consent that takes a certain age (GDPR Art. 8). */
export function PrivacyAge({ view, voice }: ViewProps<'privacy-age'>) {
  const { form, purpose } = view;
  const { say } = voice;
  return (
    <>
      <p class="lede">
        <Sentence
          voice={voice}
          message="privacy-age.text"
          parts={{
            purpose: (
              <strong>
                <Foreign voice={voice} language={purpose.language}>
                  {purpose.title}
                </Foreign>
              </strong>
            ),
          }}
        />
      </p>
      <FormFrame
        voice={voice}
        form={form}
        labels={{ birthdate: 'field.birthdate', country: 'field.home-country' }}
      >
        <Birthdate view={view} voice={voice} />
        <Select
          voice={voice}
          form={form}
          name="country"
          label={say('field.home-country')}
          prompt={say('privacy-age.prompt')}
          autocomplete="country"
          autofocus={findFirstField(form, ['birthdate', 'country']) === 'country'}
          options={listCountries(voice, view.countries)}
        />
        <Submit label={say('action.continue')} />
      </FormFrame>
      <p class="hint">{say('privacy-age.why')}</p>
      <div class="ways">
        <p>
          <a href={safeAddress(view.backUrl)}>{say('action.back-to-privacy')}</a>
        </p>
      </div>
    </>
  );
}

function Birthdate({ view, voice }: Pick<ViewProps<'privacy-age'>, 'view' | 'voice'>) {
  const { form } = view;
  const error = form.errors?.birthdate;
  return (
    <div class="field">
      <label for="birthdate">{voice.say('field.birthdate')}</label>
      <input
        class="input"
        type="date"
        id="birthdate"
        name="birthdate"
        value={form.values?.birthdate}
        autocomplete="bday"
        required
        autofocus={findFirstField(form, ['birthdate', 'country']) === 'birthdate'}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={error === undefined ? undefined : 'birthdate-error'}
      />
      {error !== undefined && (
        <FieldError voice={voice} name="birthdate" error={error} alone={isOnlyError(form)} />
      )}
    </div>
  );
}
