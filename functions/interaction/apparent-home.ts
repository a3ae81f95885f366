/** Where an address is at home, or seems to be: answers do not tell whether anybody has it. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import { lockedMessage, retryAfter } from '../browser/waiting-time.ts';
import type { CellName, Resident } from '../core/cells.ts';
import { chooseDecoyCell } from '../core/decoy-home.ts';
import type { HashedIdentifier } from '../core/ids.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Message } from '../pages/form-state.ts';
import type { Interaction } from './dependencies.ts';

type HomeDeps = Pick<Interaction, 'directory' | 'lookups' | 'settings'>;

export type ApparentHome = { readonly home: CellName } | { readonly lockedUntil: EpochSeconds };

/** Wherever they live, however fresh their account is. Counted, because anybody may ask. */
export function findApparentHome(
  deps: HomeDeps,
  http: HttpRequest,
  identifier: HashedIdentifier,
): Promise<ApparentHome> {
  return countedHome(deps, http, identifier, deps.directory.findHome(identifier));
}

/** As `findApparentHome` of somebody who is not this cell's, by what is known here: no waiting. */
export function findApparentHomeNearby(
  deps: HomeDeps,
  http: HttpRequest,
  identifier: HashedIdentifier,
): Promise<ApparentHome> {
  return countedHome(deps, http, identifier, deps.directory.findHomeNearby(identifier));
}

async function countedHome(
  { lookups, settings }: HomeDeps,
  { sourceAddress, now }: HttpRequest,
  identifier: HashedIdentifier,
  finding: Promise<Pick<Resident, 'cell'> | undefined>,
): Promise<ApparentHome> {
  const [lookup, resident] = await Promise.all([lookups.count(sourceAddress, now), finding]);
  if (lookup.outcome === 'too-many') return { lockedUntil: lookup.until };
  // Chosen for residents too: they take no less time.
  const decoy = chooseDecoyCell(identifier, settings.cellShares, hashSecret);
  return { home: resident?.cell ?? decoy };
}

/** What a form says above itself when too much was asked. */
export function tooManyLookups(
  until: EpochSeconds,
  now: EpochSeconds,
): { readonly status: 429; readonly alert: Message; readonly headers: Record<string, string> } {
  return { status: 429, alert: lockedMessage(until, now), headers: retryAfter(until, now) };
}
