import { Foreign } from '../foreign.tsx';
import { safeAddress } from '../links.ts';
import { formatTime } from '../locale.ts';
import { whatHappened } from './history-choice.ts';
import type { ViewProps } from './view-props.ts';

/** What was chosen, when, how and in which words; the file proves it. */
export function PrivacyReceipt({ view, voice }: ViewProps<'privacy-receipt'>) {
  const { say, language } = voice;
  const { entry, words } = view;
  return (
    <>
      <p class="lede">
        <strong>
          <Foreign voice={voice} language={entry.language}>
            {entry.title}
          </Foreign>
        </strong>
      </p>
      <dl class="facts">
        <dt>{say('privacy-receipt.answer')}</dt>
        <dd>{say(whatHappened(entry))}</dd>
        <dt>{say('privacy-receipt.time')}</dt>
        <dd>
          <time datetime={new Date(entry.at * 1000).toISOString()}>
            {formatTime(entry.at, language, 'long')}
          </time>
        </dd>
        <dt>{say('privacy-receipt.how')}</dt>
        <dd>{say(`method.${entry.method}`)}</dd>
        <dt>{say('privacy-receipt.page')}</dt>
        <dd>{view.shownOn === 'api' ? say('privacy-receipt.in-app') : view.shownOn}</dd>
        <dt>{say('privacy-receipt.words')}</dt>
        <dd>
          {words === undefined ? (
            say('privacy-receipt.words-gone')
          ) : (
            <Foreign voice={voice} language={entry.language}>
              <strong>{words.title}</strong>
              <br />
              {words.description}
            </Foreign>
          )}
        </dd>
        <dt>{say('privacy-receipt.version')}</dt>
        <dd>
          {view.version} ({entry.language})
        </dd>
        <dt>{say('privacy-receipt.hash')}</dt>
        <dd>{view.textHash}</dd>
        <dt>{say('privacy-receipt.controller')}</dt>
        <dd>{view.controller}</dd>
        <dt>{say('privacy-receipt.id')}</dt>
        <dd>{view.eventId}</dd>
      </dl>
      <p class="small">{say('privacy-receipt.file')}</p>
      <a class="button quiet" href={safeAddress(view.fileUrl)} download>
        {say('action.download-receipt')}
      </a>
      <div class="ways">
        <p>
          <a href={safeAddress(view.backUrl)}>{say('action.back-to-history')}</a>
        </p>
      </div>
    </>
  );
}
