import { Foreign } from '../foreign.tsx';
import { safeAddress } from '../links.ts';
import { formatTime } from '../locale.ts';
import type { ChoiceRow, HistoryRow } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { ActEntry } from './history-act.tsx';
import { whatHappened } from './history-choice.ts';
import { Requests } from './history-requests.tsx';
import type { ViewProps } from './view-props.ts';

type Props = Pick<ViewProps<'privacy-history'>, 'view' | 'voice'>;

/** What somebody chose and asked for, and what else happened with their account, newest first. */
export function PrivacyHistory({ view, voice }: ViewProps<'privacy-history'>) {
  const { say } = voice;
  return (
    <>
      <Views view={view} voice={voice} />
      {view.requests.length > 0 && <Requests requests={view.requests} voice={voice} />}
      <Entries view={view} voice={voice} />
      {view.shows === 'everything' && view.entries.length > 0 && (
        <p class="small apart">{say('privacy-history.log')}</p>
      )}
      <div class="ways">
        {view.moreUrl !== undefined && (
          <p>
            <a href={safeAddress(view.moreUrl)}>{say('action.older')}</a>
          </p>
        )}
        <p>
          <a href={safeAddress(view.backUrl)}>{say('action.back-to-privacy')}</a>
        </p>
      </div>
    </>
  );
}

/** Signing in and out is told so often that few choices would be hard to find among it. */
function Views({ view, voice }: Props) {
  const { say } = voice;
  return (
    <nav class="ways views" aria-label={say('privacy-history.views')}>
      {(['everything', 'choices'] as const).map((one) => (
        <a
          href={safeAddress(view.urls[one])}
          aria-current={one === view.shows ? 'page' : undefined}
        >
          {say(one === 'choices' ? 'privacy-history.only-choices' : 'privacy-history.everything')}
        </a>
      ))}
    </nav>
  );
}

function Entries({ view, voice }: Props) {
  const { say } = voice;
  const isOfChoices = view.shows === 'choices';
  if (view.entries.length === 0) return <Nothing view={view} voice={voice} />;
  return (
    <section class="part">
      <h2>{say(isOfChoices ? 'privacy-history.choices' : 'privacy-history.happened')}</h2>
      {!isOfChoices && (
        <p class="small">
          {say('privacy-history.not-you')}{' '}
          <a href={safeAddress(view.passwordUrl)}>{say('action.change-password')}</a>
        </p>
      )}
      <ul class="rows">
        {view.entries.map((entry) => (
          <Entry entry={entry} voice={voice} />
        ))}
      </ul>
    </section>
  );
}

function Nothing({ view, voice }: Props) {
  if (view.moreUrl !== undefined) {
    return <p class="lede">{voice.say('privacy-history.none-here')}</p>;
  }
  if (!view.isFirst || view.requests.length > 0) return null;
  const isOfChoices = view.shows === 'choices';
  return (
    <p class="lede">
      {voice.say(isOfChoices ? 'privacy-history.none-chosen' : 'privacy-history.none')}
    </p>
  );
}

function Entry({ entry, voice }: { entry: HistoryRow; voice: Voice }) {
  if (entry.kind === 'act') return <ActEntry entry={entry} voice={voice} />;
  return <ChoiceEntry entry={entry} voice={voice} />;
}

function ChoiceEntry({ entry, voice }: { entry: ChoiceRow; voice: Voice }) {
  const { say, language } = voice;
  const time = formatTime(entry.at, language, 'short');
  return (
    <li class="row">
      <div>
        <h3>
          {entry.kind === 'choice' ? (
            <Foreign voice={voice} language={entry.language}>
              {entry.title}
            </Foreign>
          ) : (
            say('privacy.do-not-sell')
          )}
        </h3>
        <p class="small">
          {say(whatHappened(entry))}
          {entry.method !== 'parent' && `, ${say(`method.${entry.method}`)}`}
          <br />
          <time datetime={new Date(entry.at * 1000).toISOString()}>{time}</time>
        </p>
      </div>
      {entry.kind === 'choice' && (
        <a
          class="button quiet"
          href={safeAddress(entry.receiptUrl)}
          aria-label={say('action.receipt-of', { purpose: entry.title, time })}
        >
          {say('action.receipt')}
        </a>
      )}
    </li>
  );
}
