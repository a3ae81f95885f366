import { endOfLingering, endOfRun, nextLookAtHold } from '../core/erasure/timing.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import { isOverdue } from '../core/privacy-requests/overdue.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actingOfErasure, isoOf, type State } from './state.ts';

/** The point of no return: the account is closed, unless its owner kept it or a hold stands. */
export const commit: State = async ({ erasures, access, proof }, { requestId, startedAt }, now) => {
  const request = await erasures.load(requestId);
  if (request.state === 'undone') return { outcome: 'undone' };
  const { sub, erasesAt = now } = request;
  if (erasesAt > now) return { outcome: 'waiting', until: isoOf(erasesAt) };
  if (!isCommitted(request) && !(await erasures.commit(request, now))) {
    const { state } = await erasures.load(requestId);
    if (state === 'undone') return { outcome: 'undone' };
    await erasures.move(requestId, { from: ['grace', 'held'], to: 'held', now });
    // A hold is no reason to leave somebody without an answer for longer than the law allows.
    if (isOverdue(request, now)) proof.count('RequestOverdue');
    if (now >= endOfRun(startedAt)) return { outcome: 'overlong' };
    return { outcome: 'held', until: isoOf(nextLookAtHold(now)) };
  }
  // What was issued in the moment of the request, before its end of all access could see it.
  await access.endAll(sub, actingOfErasure(now));
  return { outcome: 'done', until: isoOf(endOfLingering(await committedAt(erasures, request))) };
};

function isCommitted({ facts }: PrivacyRequest): boolean {
  return facts?.committedAt !== undefined;
}

/** As it was noted: a repetition waits for what is left. */
async function committedAt(
  erasures: Parameters<State>[0]['erasures'],
  { requestId }: PrivacyRequest,
): Promise<EpochSeconds> {
  const { facts } = await erasures.load(requestId);
  if (facts?.committedAt === undefined) throw new Error('the account was not closed');
  return facts.committedAt;
}
