import type { ChangesOfDay, PrivacyChange, PrivacyChoices } from '../ports/privacy-choices.ts';
import { addSeconds, type EpochSeconds } from '../time.ts';

const DAY_SECONDS = 86_400;

/** Changes of choices that a person may make within a day: each leaves lines that are kept. */
const CHANGES_PER_DAY = 200;

/**
 * When a change may be made; undefined: now. What says no to everything it names is never put off
 * (GDPR Art. 7(3), 21), and goes no further than what was said yes to, which was counted.
 */
export function findNextChange(
  { changed }: Pick<PrivacyChoices, 'changed'>,
  change: PrivacyChange,
  now: EpochSeconds,
): EpochSeconds | undefined {
  if (changed === undefined || changed.until <= now || changed.count < CHANGES_PER_DAY) {
    return undefined;
  }
  return saysNo(change) ? undefined : changed.until;
}

/** One more, in the window of a day that it falls into or begins. */
export function countChange(changed: ChangesOfDay | undefined, now: EpochSeconds): ChangesOfDay {
  if (changed === undefined || changed.until <= now) {
    return { count: 1, until: addSeconds(now, DAY_SECONDS) };
  }
  return { ...changed, count: changed.count + 1 };
}

function saysNo({ choices = [], topics, doNotSell }: PrivacyChange): boolean {
  if (topics !== undefined || doNotSell?.isOn === false) return false;
  return choices.every(({ state }) => state === 'withdrawn' || state === 'objected');
}
