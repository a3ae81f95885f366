import { isOverdue } from '../core/privacy-requests/overdue.ts';
import { secondsUntilNextTry } from '../core/slots.ts';
import { DONE, type ExportState, GONE } from './state.ts';

/** Waits its turn: few exports read the tables at once, however many were asked for. */
export const admit: ExportState = async ({ runs, slots, count, randomBelow }, requestId, now) => {
  const { request } = await runs.load(requestId);
  if (!(await runs.isThere(request))) return GONE;
  if (await slots.take(requestId, now)) return DONE;
  if (isOverdue(request, now)) count('RequestOverdue');
  return { outcome: 'pending', waitSeconds: secondsUntilNextTry(randomBelow) };
};

export const releaseSlot: ExportState = async ({ slots }, requestId) => {
  await slots.release(requestId);
  return DONE;
};
