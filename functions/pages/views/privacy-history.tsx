import { Foreign } from '../foreign.tsx';
import type { MessageKey } from '../form-state.ts';
import { safeAddress } from '../links.ts';
import { formatTime } from '../locale.ts';
import type { HistoryRow, RequestRow } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';
import type { ViewProps } from './view-props.ts';

/** Everything that somebody chose and asked for, newest first. */
export function PrivacyHistory({ view, voice }: ViewProps<'privacy-history'>) {
  const { say } = voice;
  const { requests, entries } = view;
  return (
    <>
      {view.isFirst && requests.length + entries.length === 0 && (
        <p class="lede">{say('privacy-history.none')}</p>
      )}
      {requests.length > 0 && (
        <section class="part">
          <h2>{say('privacy-history.requests')}</h2>
          <ul class="rows">
            {requests.map((request) => (
              <Request request={request} voice={voice} />
            ))}
          </ul>
        </section>
      )}
      {entries.length > 0 && (
        <section class="part">
          <h2>{say('privacy-history.choices')}</h2>
          <ul class="rows">
            {entries.map((entry) => (
              <Entry entry={entry} voice={voice} />
            ))}
          </ul>
        </section>
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

function Entry({ entry, voice }: { entry: HistoryRow; voice: Voice }) {
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

/** In plain words; of a parent's answer, whose it was. */
export function whatHappened(entry: HistoryRow): MessageKey {
  if (entry.kind === 'do-not-sell') {
    return entry.isOn ? 'history.do-not-sell-on' : 'history.do-not-sell-off';
  }
  const { state, method } = entry;
  const isAnswer = state === 'granted' || state === 'withdrawn';
  return method === 'parent' && isAnswer ? `history.${state}-parent` : `history.${state}`;
}

function Request({ request, voice }: { request: RequestRow; voice: Voice }) {
  const { say } = voice;
  const asked = request.isByAdministrator ? 'request.asked-for-you' : 'request.asked';
  return (
    <li>
      <h3>{say(`request.${request.kind}`)}</h3>
      <p class="small">
        <When message={asked} at={request.requestedAt} voice={voice} />
        <br />
        <When message={whatBecame(request)} at={request.stateSince} voice={voice} />
      </p>
    </li>
  );
}

function whatBecame({ state }: RequestRow): MessageKey {
  switch (state) {
    case 'collecting':
    case 'ready':
    case 'expired':
    case 'grace':
    case 'undone':
      return `request.${state}`;
    default:
      return 'request.running';
  }
}
