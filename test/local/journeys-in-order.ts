import { EVERY_JOURNEY, type Journey } from '../flows/every-journey.ts';
import { JOURNEYS_OF_AUDIT } from '../flows/journeys-of-audit.ts';
import { EVERY_ROTATION } from '../flows/journeys-of-operators.ts';
import { JOURNEYS_OF_PRIVACY } from '../flows/journeys-of-privacy.ts';

/**
 * Whoever is stopped for want of something begins anew: what leads quickly to what many need comes
 * first. The audit trail comes before the clock is moved by weeks, and rights of people after that.
 */
export const JOURNEYS_IN_ORDER: ReadonlyArray<Journey> = [
  ...new Set([
    ...named(EVERY_JOURNEY, 'another password in the portal', 'tokens, profile'),
    ...JOURNEYS_OF_AUDIT,
    ...EVERY_JOURNEY,
    ...EVERY_ROTATION,
    ...named(
      JOURNEYS_OF_PRIVACY,
      'the end of an account',
      'a child',
      'an export that an administrator',
      'an erasure undone',
      'an erasure on behalf',
      'an erasure that a restored',
    ),
    ...JOURNEYS_OF_PRIVACY,
  ]),
];

/** Those whose names begin so; throws when there is none. */
export function named(
  journeys: ReadonlyArray<Journey>,
  ...beginnings: ReadonlyArray<string>
): ReadonlyArray<Journey> {
  return beginnings.flatMap((beginning) => {
    const found = journeys.filter(({ name }) => name.startsWith(beginning));
    if (found.length === 0) throw new Error(`no journey is named ${beginning}`);
    return found;
  });
}
