import { isOverdue } from '../core/privacy-requests/overdue.ts';
import { secondsUntilNextTry } from '../core/slots.ts';
import { addSeconds } from '../core/time.ts';
import { DONE, isoOf, type State } from './state.ts';

/** Its turn, so that a thousand requests at once leave sign-in the capacity of tables and functions. */
export const admit: State = async ({ erasures, slots, proof, randomBelow }, { requestId }, now) => {
  if (await slots.take(requestId, now)) return DONE;
  if (isOverdue(await erasures.load(requestId), now)) proof.count('RequestOverdue');
  return { outcome: 'full', until: isoOf(addSeconds(now, secondsUntilNextTry(randomBelow))) };
};

export const releaseSlot: State = async ({ slots }, { requestId }) => {
  await slots.release(requestId);
  return DONE;
};
