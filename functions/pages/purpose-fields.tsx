import { Foreign } from './foreign.tsx';
import type { OfferedPurpose } from './view.ts';
import type { Voice } from './voice.tsx';

interface PurposesProps {
  readonly voice: Voice;
  readonly purposes: ReadonlyArray<OfferedPurpose>;
}

/** Boxes of consent: none is ticked by itself, and none has to be (GDPR Art. 7(4)). */
export function Purposes({ voice, purposes }: PurposesProps) {
  return (
    <fieldset class="field" aria-describedby="choices-hint">
      <legend>{voice.say('choices.legend')}</legend>
      {purposes.map((purpose) => (
        <label class="tick" for={purpose.name}>
          <input
            type="checkbox"
            id={purpose.name}
            name={purpose.name}
            value={purpose.value}
            checked={purpose.isTicked}
          />
          <PurposeWords voice={voice} purpose={purpose} />
        </label>
      ))}
      <p class="hint" id="choices-hint">
        {voice.say('choices.hint')}
      </p>
    </fieldset>
  );
}

interface PurposeProps {
  readonly voice: Voice;
  readonly purpose: Pick<OfferedPurpose, 'title' | 'description' | 'language'>;
}

/** The operator's words, which may be in another language than the page. */
export function PurposeWords({ voice, purpose }: PurposeProps) {
  return (
    <Foreign voice={voice} language={purpose.language}>
      <strong>{purpose.title}</strong>
      <br />
      {purpose.description}
    </Foreign>
  );
}
