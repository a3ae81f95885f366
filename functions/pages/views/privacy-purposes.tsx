import type { WishedState } from '../../core/consents/choosing.ts';
import { nameDuration } from '../duration.ts';
import { Foreign } from '../foreign.tsx';
import { Submit } from '../form.tsx';
import type { MessageKey } from '../form-state.ts';
import type { PurposeRow } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';

interface PurposesProps {
  readonly purposes: ReadonlyArray<PurposeRow>;
  readonly voice: Voice;
}

/** What data is used for, and what may be said of it: yes and no in buttons of the same weight. */
export function Purposes({ purposes, voice }: PurposesProps) {
  return (
    <ul class="rows">
      {purposes.map((purpose) => (
        <Purpose purpose={purpose} voice={voice} />
      ))}
    </ul>
  );
}

function Purpose({ purpose, voice }: { purpose: PurposeRow; voice: Voice }) {
  const { say } = voice;
  const { purposeId, title, language, state, since, answers } = purpose;
  return (
    <li>
      <h3>
        <Foreign voice={voice} language={language}>
          {title}
        </Foreign>
      </h3>
      <p class="state">
        <span class="tag">{say(`purpose.${state}`)}</span>
        {since !== undefined && (
          <span class="small">
            <When message="purpose.since" at={since} voice={voice} />
          </span>
        )}
      </p>
      <p class="small">
        <Foreign voice={voice} language={language}>
          {purpose.description}
        </Foreign>
      </p>
      {state === 'awaiting-parent' && <p class="small">{say('purpose.parent-is-asked')}</p>}
      {purpose.isStopped && <p class="small">{say('purpose.stopped')}</p>}
      <Details purpose={purpose} voice={voice} />
      <input type="hidden" name={`shown-${purposeId}`} value={purpose.proof} />
      {answers.length > 0 && (
        <div class="answers">
          {answers.map((answer) => {
            const label = say(labelOf(purpose, answer));
            return (
              <Submit
                label={label}
                description={`${label}: ${title}`}
                name="answer"
                value={`${answer} ${purposeId}`}
                quiet
              />
            );
          })}
        </div>
      )}
    </li>
  );
}

/** What an answer means depends on what stands. */
function labelOf({ state }: PurposeRow, answer: WishedState): MessageKey {
  if (answer === 'objected') return 'answer.objected';
  if (answer === 'withdrawn') {
    return state === 'unanswered' || state === 'stale' ? 'answer.declined' : 'answer.withdrawn';
  }
  if (state === 'objected') return 'answer.not-objected';
  return state === 'awaiting-parent' ? 'answer.ask-again' : 'answer.granted';
}

function Details({ purpose, voice }: { purpose: PurposeRow; voice: Voice }) {
  const { say } = voice;
  const recipients = purpose.recipients.map(({ name, country }) => `${name} (${country})`);
  return (
    <details>
      <summary>{say('purpose.details')}</summary>
      <dl class="facts">
        <dt>{say('purpose.why')}</dt>
        <dd>{say(`basis.${purpose.basis}`)}</dd>
        <dt>{say('purpose.what')}</dt>
        <dd>{purpose.dataCategories.join(', ')}</dd>
        <dt>{say('purpose.who')}</dt>
        <dd>{recipients.length === 0 ? say('purpose.nobody') : recipients.join(', ')}</dd>
        <dt>{say('purpose.how-long')}</dt>
        <dd>{nameDuration(voice, purpose.retention)}</dd>
      </dl>
    </details>
  );
}
