import { earlierOf, endOfQuarantine, endOfRun } from '../core/erasure/timing.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../core/time.ts';
import { findTraces } from './found-traces.ts';
import { actOfErasure } from './proof.ts';
import { DONE, type ErasureDeps, isoOf, type State } from './state.ts';

/**
 * Out of the directory, and out of the counters. The address rests: it is nobody's, and nobody can
 * take it over while mail and apps may still hold it for the one who is gone.
 */
export const quarantine: State = async (deps, { requestId }, now) => {
  const { erasures, counters, cell } = deps;
  const { sub, facts } = await erasures.load(requestId);
  const traces = await findTraces(deps, requestId);
  const until = facts?.quarantinedUntil ?? endOfQuarantine(now, deps.quarantineDays);
  // Before it is begun: a repetition must not put it off.
  if (facts?.quarantinedUntil === undefined) {
    await erasures.note(requestId, { quarantinedUntil: until });
  }
  await deps.quarantine.begin({ sub, identifiers: traces.identifiers, cell, until });
  await counters.forget(traces.counters);
  await deps.traces.keep(requestId, { ...traces, counters: [], salt: '' });
  await erasures.move(requestId, { from: ['erasing'], to: 'awaiting-processors', now });
  return DONE;
};

export const awaitQuarantine: State = async ({ erasures }, { requestId, startedAt }, now) => {
  await erasures.move(requestId, { from: ['awaiting-processors'], to: 'quarantine', now });
  const until = earlierOf(await endOf(erasures, requestId), endOfRun(startedAt));
  return { outcome: 'done', until: isoOf(until) };
};

/** The address is anybody's. Whoever has claimed it in time keeps it. */
export const releaseIdentifier: State = async (deps, { requestId, startedAt }, now) => {
  const { erasures, traces } = deps;
  const until = await endOf(erasures, requestId);
  if (until > now && now >= endOfRun(startedAt)) return { outcome: 'overlong' };
  if (until > now) return { outcome: 'waiting', until: isoOf(until) };
  // None is left when an attempt before this one has got further.
  const { identifiers } = (await traces.find(requestId)) ?? { identifiers: [] };
  await deps.quarantine.release({ identifiers, until });
  await traces.forget(requestId);
  const request = await erasures.load(requestId);
  if (request.facts?.identifierReleasedAt === undefined) {
    await erasures.note(requestId, { identifierReleasedAt: now });
  }
  await tellCompleted(deps, request, request.facts?.identifierReleasedAt ?? now);
  await erasures.move(requestId, { from: ['quarantine'], to: 'completed', now });
  return DONE;
};

/** Its id follows from the request: a repetition tells of the same act. */
async function tellCompleted(
  { proof }: Pick<ErasureDeps, 'proof'>,
  request: PrivacyRequest,
  now: EpochSeconds,
): Promise<void> {
  await proof.recordAct(actOfErasure(request, 'erasure.completed', now));
}

async function endOf(erasures: ErasureDeps['erasures'], requestId: PrivacyRequestId) {
  const { facts } = await erasures.load(requestId);
  if (facts?.quarantinedUntil === undefined) throw new Error('the address was not put to rest');
  return facts.quarantinedUntil;
}
