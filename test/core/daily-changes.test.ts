import { describe, expect, test } from 'vitest';
import { countChange, findNextChange } from '../../functions/core/consents/daily-changes.ts';
import type {
  ChangesOfDay,
  ConsentState,
  PrivacyChange,
} from '../../functions/core/ports/privacy-choices.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';
import { NOW } from './consents-fixtures.ts';

const DAY = 86_400;
const LATER = (NOW + DAY) as EpochSeconds;

function choosing(state: ConsentState): PrivacyChange {
  const shown = { page: 'api', method: 'api', language: 'en', textHash: 'x' } as const;
  return { choices: [{ purposeId: 'product-news', state, version: '1', ...shown }] };
}

const full: ChangesOfDay = { count: 200, until: LATER };

describe('changes of a day', () => {
  test('are two hundred, in a window that the first one begins', () => {
    let changed: ChangesOfDay | undefined;
    for (let made = 0; made < 200; made += 1) {
      expect(findNextChange({ ...(changed && { changed }) }, choosing('granted'), NOW)).toBe(
        undefined,
      );
      changed = countChange(changed, NOW);
    }
    expect(changed).toEqual(full);
    expect(findNextChange({ changed: full }, choosing('granted'), NOW)).toBe(LATER);
  });

  test('are counted anew once the window is over', () => {
    expect(findNextChange({ changed: full }, choosing('granted'), LATER)).toBeUndefined();
    expect(countChange(full, LATER)).toEqual({ count: 1, until: LATER + DAY });
  });

  test.each([
    ['a grant', choosing('granted'), true],
    ['a wish that a parent is asked about', choosing('awaiting-parent'), true],
    ['topics', { topics: new Map() }, true],
    ['selling that is allowed', { doNotSell: { isOn: false, page: 'api', method: 'api' } }, true],
    ['a withdrawal', choosing('withdrawn'), false],
    ['an objection', choosing('objected'), false],
    ['selling that is forbidden', { doNotSell: { isOn: true, page: 'api', method: 'api' } }, false],
  ] satisfies ReadonlyArray<[string, PrivacyChange, boolean]>)(
    'put off %s: what says no is never put off',
    (_what, change, isPutOff) => {
      expect(findNextChange({ changed: full }, change, NOW) !== undefined).toBe(isPutOff);
    },
  );
});
