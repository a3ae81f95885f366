import { Choices, Select } from '../choice-fields.tsx';
import { FormFrame, Submit } from '../form.tsx';
import { Icon } from '../icons.tsx';
import { safeAddress } from '../links.ts';
import { listCountries, nameCountry, namePlace } from '../places.ts';
import type { RegionQuestion } from '../view.ts';
import type { Voice } from '../voice.tsx';
import type { ViewProps } from './view-props.ts';

/** Asked before anything personal is typed, and only where the answer decides something. */
export function SignUpRegion({ view, voice }: ViewProps<'sign-up-region'>) {
  const { form, question } = view;
  const { say } = voice;
  return (
    <>
      <p class="lede">{describe(question, voice)}</p>
      <FormFrame voice={voice} form={form}>
        {question.by === 'country' ? (
          <Select
            voice={voice}
            form={form}
            name="country"
            label={say('field.country')}
            prompt={say('sign-up-region.prompt')}
            autocomplete="country"
            options={[
              ...listCountries(voice, question.countries),
              { value: question.other, label: say('sign-up-region.other') },
            ]}
          />
        ) : (
          <Choices
            voice={voice}
            form={form}
            name="cell"
            label={say('sign-up-region.place')}
            options={question.places.map(({ cell, region }) => ({
              value: cell,
              label: namePlace(voice, region),
            }))}
          />
        )}
        <Submit label={say('action.continue')} />
      </FormFrame>
      {question.by === 'country' && <Places voice={voice} regions={question.regions} />}
      <div class="ways">
        {question.by === 'place' && question.changeUrl !== undefined && (
          <p>
            <a href={safeAddress(question.changeUrl)}>{say('action.change-country')}</a>
          </p>
        )}
        <p>
          {say('sign-up.have-account')}{' '}
          <a href={safeAddress(view.signInUrl)}>{say('action.sign-in')}</a>
        </p>
      </div>
    </>
  );
}

function describe(question: RegionQuestion, voice: Voice): string {
  if (question.by === 'country') return voice.say('sign-up-region.text');
  if (question.country === undefined) return voice.say('sign-up-region.place-text');
  return voice.say('sign-up-region.not-offered', { country: nameCountry(voice, question.country) });
}

/** What the answer can lead to, so that nobody has to guess what it is good for. */
function Places({ voice, regions }: { voice: Voice; regions: ReadonlyArray<string> }) {
  return (
    <div class="apart small">
      <p>{voice.say('sign-up-region.places')}</p>
      <ul class="scopes">
        {regions.map((region) => (
          <li>
            <Icon name="globe" />
            <span>{namePlace(voice, region)}</span>
          </li>
        ))}
      </ul>
      <p>{voice.say('sign-up-region.next')}</p>
    </div>
  );
}
