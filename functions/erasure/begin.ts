import { endOfGrace, mayStillBeWritten, UNWRITTEN_PAUSE_SECONDS } from '../core/erasure/timing.ts';
import { addSeconds } from '../core/time.ts';
import { actingOfErasure, isoOf, type State } from './state.ts';

/**
 * Ends all access, once more: whoever asked has done so, and may have died half way. Nothing begins
 * after it, because the account is not `active`.
 */
export const begin: State = async (deps, { requestId, startedAt }, now) => {
  const request = await deps.erasures.find(requestId);
  if (request === undefined) {
    if (!mayStillBeWritten(startedAt, now)) {
      return { outcome: 'unasked' };
    }
    return { outcome: 'waiting', until: isoOf(addSeconds(now, UNWRITTEN_PAUSE_SECONDS)) };
  }
  if (request.state === 'undone') return { outcome: 'undone' };
  const { sub, erasesAt = now } = request;
  await deps.access.endAll(sub, actingOfErasure(now));
  return { outcome: 'done', until: isoOf(endOfGrace(erasesAt, deps.drawOf(requestId))) };
};
