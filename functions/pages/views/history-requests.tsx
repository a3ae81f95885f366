import type { MessageKey } from '../form-state.ts';
import type { RequestRow } from '../privacy-views.ts';
import type { Voice } from '../voice.tsx';
import { When } from '../when.tsx';

interface RequestsProps {
  readonly requests: ReadonlyArray<RequestRow>;
  readonly voice: Voice;
}

/** Copies and deletions that were asked for, and what became of them. */
export function Requests({ requests, voice }: RequestsProps) {
  return (
    <section class="part">
      <h2>{voice.say('privacy-history.requests')}</h2>
      <ul class="rows">
        {requests.map((request) => (
          <Request request={request} voice={voice} />
        ))}
      </ul>
    </section>
  );
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
