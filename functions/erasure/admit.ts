import { secondsUntilNextTry } from '../core/slots.ts';
import { addSeconds } from '../core/time.ts';
import { DONE, isoOf, type State } from './state.ts';

/** Its turn, so that a thousand requests at once leave sign-in the capacity of tables and functions. */
export const admit: State = async ({ slots, randomBelow }, { requestId }, now) => {
  if (await slots.take(requestId, now)) return DONE;
  return { outcome: 'full', until: isoOf(addSeconds(now, secondsUntilNextTry(randomBelow))) };
};

export const releaseSlot: State = async ({ slots }, { requestId }) => {
  await slots.release(requestId);
  return DONE;
};
