import { FormFrame, Submit } from '../form.tsx';
import { PurposeWords } from '../purpose-fields.tsx';
import type { ViewProps } from './view-props.ts';

/** Asks again, because the words have changed: neither answer is easier than the other. */
export function RenewConsents({ view, voice }: ViewProps<'renew-consents'>) {
  const { say } = voice;
  return (
    <>
      <p class="lede">{say('renew-consents.text')}</p>
      <FormFrame voice={voice} form={view.form}>
        {view.purposes.map((purpose) => (
          <fieldset class="field">
            <legend>
              <PurposeWords voice={voice} purpose={purpose} />
            </legend>
            <input type="hidden" name={`shown-${purpose.name}`} value={purpose.value} />
            <Answer name={purpose.name} value="granted" label={say('renew-consents.yes')} />
            <Answer name={purpose.name} value="withdrawn" label={say('renew-consents.no')} />
          </fieldset>
        ))}
        <div class="stack">
          <Submit label={say('action.save-choices')} name="decision" value="save" />
          <Submit label={say('action.decide-later')} name="decision" value="later" quiet />
        </div>
      </FormFrame>
    </>
  );
}

interface AnswerProps {
  readonly name: string;
  readonly value: 'granted' | 'withdrawn';
  readonly label: string;
}

function Answer({ name, value, label }: AnswerProps) {
  const id = `${name}-${value}`;
  return (
    <label class="tick" for={id}>
      <input type="radio" id={id} name={name} value={value} />
      <span>{label}</span>
    </label>
  );
}
