import { safeAddress } from '../links.ts';
import type { ViewProps } from './view-props.ts';

export function ErrorView({ view, voice }: ViewProps<'error'>) {
  const { say } = voice;
  return (
    <>
      <p class="lede">{say(view.text.key, view.text.values)}</p>
      {view.retryUrl !== undefined && (
        <a class="button" href={safeAddress(view.retryUrl)}>
          {say(view.retryLabel?.key ?? 'action.retry')}
        </a>
      )}
      {(view.technical !== undefined || view.requestId !== undefined) && (
        <dl>
          {view.technical !== undefined && (
            <>
              <dt>{say('error-details.technical')}</dt>
              <dd>{view.technical}</dd>
            </>
          )}
          {view.requestId !== undefined && (
            <>
              <dt>{say('error-details.request-id')}</dt>
              <dd>{view.requestId}</dd>
            </>
          )}
        </dl>
      )}
    </>
  );
}
