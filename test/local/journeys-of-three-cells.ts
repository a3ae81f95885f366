import { EVERY_JOURNEY, type Journey } from '../flows/every-journey.ts';
import { JOURNEYS_OF_AUDIT } from '../flows/journeys-of-audit.ts';
import { JOURNEYS_BETWEEN_CELLS } from '../flows/journeys-of-cells.ts';
import { EVERY_ROTATION } from '../flows/journeys-of-operators.ts';
import { JOURNEYS_OF_PRIVACY } from '../flows/journeys-of-privacy.ts';
import { journeySeenBy, type Sight } from '../flows/seen-by.ts';

/** The cell that is not the primary, and the primary; a third has the statements of the first, see below. */
const FROM_US: Sight = { home: 'us', entry: 'eu' };
const FROM_EU: Sight = { home: 'eu', entry: 'us' };
/** As a third cell sees them, and they the third. */
const OTHER_SIGHTS: ReadonlyArray<Sight> = [
  { home: 'us', entry: 'ap' },
  { home: 'eu', entry: 'ap' },
  { home: 'ap', entry: 'us' },
  { home: 'ap', entry: 'eu' },
];

/**
 * Those that together use every grant: what is not gone here uses nothing else in a cell. Each other
 * sight has those in which cells call one another, and so differ by the pair.
 */
export const JOURNEYS_OF_THREE_CELLS: ReadonlyArray<Journey> = [
  ...seen(
    FROM_US,
    /^(sign-(up by|in after|out in the portal)|a second code|tokens, profile|an API asks|consent for)/,
    /^(recovery by code|another (password|session)|an? (ID token|access token|newcomer|address))/,
    /^(sign-up from nowhere|rights of a newcomer)/,
  ),
  ...seen(
    FROM_EU,
    /^(sign-(in after|out in the portal)|tokens, profile|an API asks|an app|recovery by code)/,
    /^(a way|a machine|an? (ID token|access token|newcomer)|sign-up from nowhere|rights of)/,
  ),
  ...OTHER_SIGHTS.flatMap((sight) => seen(sight, /^(an app pushes|sign-out in the portal)/)),
  ...JOURNEYS_OF_AUDIT.filter(({ name }) => !name.startsWith('what comes too late')).map((one) =>
    journeySeenBy(one, FROM_US),
  ),
  ...EVERY_ROTATION,
  ...JOURNEYS_OF_PRIVACY.filter(
    ({ name }) => !/^an erasure (on behalf|undone by the m)/.test(name),
  ).map((one) => journeySeenBy(one, FROM_US)),
  ...[FROM_EU, ...OTHER_SIGHTS].flatMap((sight) => seenOfRights(sight, /^purposes agreed/)),
  ...[FROM_EU, { home: 'us', entry: 'ap' }].flatMap((sight) =>
    seenOfRights(sight, /^an export that an admin/),
  ),
];

function seen(sight: Sight, ...names: ReadonlyArray<RegExp>): ReadonlyArray<Journey> {
  return [...EVERY_JOURNEY, ...JOURNEYS_BETWEEN_CELLS]
    .filter(({ name }) => names.some((one) => one.test(name)))
    .map((one) => journeySeenBy(one, sight));
}

function seenOfRights(sight: Sight, name: RegExp): ReadonlyArray<Journey> {
  return JOURNEYS_OF_PRIVACY.filter((one) => name.test(one.name)).map((one) =>
    journeySeenBy(one, sight),
  );
}
