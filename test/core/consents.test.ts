/** Rules of deciding on purposes: GDPR Art. 6, 7, 8, 21; CPRA §1798.120. */
import { describe, expect, test } from 'vitest';
import { decideChoice, type Wish } from '../../functions/core/consents/choosing.ts';
import { decideDoNotSell } from '../../functions/core/consents/do-not-sell.ts';
import { ageOn, isBirthdate, mayConsentAlone } from '../../functions/core/consents/minors.ts';
import { hashWords, wordsInForce } from '../../functions/core/consents/words.ts';
import { HttpError } from '../../functions/core/errors.ts';
import type { PrivacyChoices } from '../../functions/core/ports/privacy-choices.ts';
import type { Purpose } from '../../functions/core/privacy-policy.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';
import {
  choiceOf,
  chosen,
  hash,
  NO_CHOICES,
  NOW,
  policyOf,
  purposeOf,
  versionOf,
} from './consents-fixtures.ts';

const SHOWN = { page: 'api', method: 'api' } as const;
const DO_NOT_SELL = { doNotSell: { at: NOW, source: 'gpc' } } as const;

function wishOf(purpose: Purpose, changes: Partial<Wish> = {}): Wish {
  const words = wordsInForce(purpose, ['en']);
  const { version, language } = words;
  return { state: 'granted', version, language, textHash: hashWords(words, hash), ...changes };
}

function decide(
  purpose: Purpose,
  changes: Partial<Wish> = {},
  standing: PrivacyChoices = NO_CHOICES,
  age?: { birthdate: string; country: string },
) {
  const rules = { policy: policyOf([purpose]), hash, now: NOW, age };
  return decideChoice(purpose, wishOf(purpose, changes), SHOWN, standing, rules);
}

function refusal(attempt: () => unknown): { status: number; detail: string } {
  try {
    attempt();
  } catch (error) {
    if (error instanceof HttpError) return { status: error.status, detail: error.detail };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a grant', () => {
  test('is written with the words that were shown', () => {
    expect(decide(purposeOf())).toEqual({
      choices: [
        {
          purposeId: 'product-news',
          state: 'granted',
          version: '1',
          textHash: 'hash of News 1\nWe write to you.',
          language: 'en',
          page: 'api',
          method: 'api',
        },
      ],
    });
  });

  test.each<[string, Partial<Wish>]>([
    ['another version', { version: '0' }],
    ['other words', { textHash: 'hash of anything' }],
    ['the words of another language', { language: 'de' }],
    ['no words at all', { version: undefined, textHash: undefined }],
    ['no hash', { textHash: undefined }],
  ])('of %s is refused with 409', (_, changes) => {
    expect(refusal(() => decide(purposeOf(), changes)).status).toBe(409);
  });

  test('of words that are in force no longer is refused, although they once were', () => {
    const old = purposeOf();
    const purpose = purposeOf({ versions: [versionOf('1'), versionOf('2')] });
    const { textHash } = wishOf(old);
    expect(refusal(() => decide(purpose, { version: '1', textHash })).detail).toBe(
      'the words that were shown are not those in force: show them again',
    );
  });

  test.each(['contract', 'legal-obligation', 'vital-interests'] as const)(
    'of what rests on %s is no choice',
    (basis) => {
      expect(refusal(() => decide(purposeOf({ basis }))).status).toBe(409);
      expect(refusal(() => decide(purposeOf({ basis }), { state: 'objected' })).status).toBe(409);
    },
  );

  test('of selling is refused while "do not sell or share" stands', () => {
    const purpose = purposeOf({ isSaleOrShare: true });
    expect(refusal(() => decide(purpose, {}, chosen([], DO_NOT_SELL))).status).toBe(409);
  });

  test('that stands already is not written again; one to earlier words is', () => {
    expect(decide(purposeOf(), {}, chosen([choiceOf()]))).toBeUndefined();
    const purpose = purposeOf({ versions: [versionOf('1'), versionOf('2')] });
    expect(decide(purpose, {}, chosen([choiceOf()]))?.choices?.[0]?.version).toBe('2');
  });

  test.each(['constructor', '__proto__', 'toString', 'EN'])(
    'nobody agrees to the words of a language that there is none of: %s',
    (language) => {
      const nothing = hash('undefined\nundefined');
      for (const textHash of [nothing, hash('News 1\nWe write to you.')]) {
        const wish = { state: 'granted', version: '1', textHash, language } as const;
        const rules = { policy: policyOf([purposeOf()]), hash, now: NOW };
        expect(() => decideChoice(purposeOf(), wish, SHOWN, NO_CHOICES, rules)).toThrow(HttpError);
      }
    },
  );
});

describe('to withdraw, or to object', () => {
  test('takes no proof: it is as easy as to agree (Art. 7(3))', () => {
    const bare = { state: 'withdrawn', version: undefined, textHash: undefined } as const;
    expect(decide(purposeOf(), bare, chosen([choiceOf()]))?.choices?.[0]?.state).toBe('withdrawn');
    const purpose = purposeOf({ basis: 'legitimate-interests' });
    const objection = { ...bare, state: 'objected' } as const;
    expect(decide(purpose, objection)?.choices?.[0]?.state).toBe('objected');
  });

  test('is one thing for consent, and another for legitimate interests', () => {
    expect(refusal(() => decide(purposeOf(), { state: 'objected' })).status).toBe(409);
    const purpose = purposeOf({ basis: 'legitimate-interests' });
    expect(refusal(() => decide(purpose, { state: 'withdrawn' })).status).toBe(409);
  });
});

describe('minors', () => {
  const purpose = purposeOf({ isForAdults: true });
  const born = (birthdate: string, country = 'DE') => ({ birthdate, country });

  test('may consent from the age of their country on', () => {
    const policy = policyOf([]);
    expect(mayConsentAlone(policy, born('2010-11-22'), NOW)).toBe(true);
    expect(mayConsentAlone(policy, born('2010-11-23'), NOW)).toBe(false);
    expect(mayConsentAlone(policy, born('2012-11-22', 'AT'), NOW)).toBe(true);
    expect(mayConsentAlone(policy, born('2012-11-23', 'AT'), NOW)).toBe(false);
    expect(mayConsentAlone(policy, born('2012-01-01', 'constructor'), NOW)).toBe(false);
  });

  test('have their parent asked instead', () => {
    expect(decide(purpose, {}, NO_CHOICES, born('2000-01-01'))?.choices?.[0]?.state).toBe(
      'granted',
    );
    expect(decide(purpose, {}, NO_CHOICES, born('2015-01-01'))?.choices?.[0]?.state).toBe(
      'awaiting-parent',
    );
    expect(refusal(() => decide(purpose)).detail).toContain('birthdate and country');
  });

  test('may always say no', () => {
    const state = decide(purpose, { state: 'withdrawn' })?.choices?.[0]?.state;
    expect(state).toBe('withdrawn');
  });

  test('keep what a parent agreed to, until it is withdrawn', () => {
    const agreed = choiceOf({ method: 'parent' });
    expect(decide(purpose, {}, chosen([agreed]), born('2015-01-01'))).toBeUndefined();
    const withdrawn = choiceOf({ state: 'withdrawn' });
    expect(decide(purpose, {}, chosen([withdrawn]), born('2015-01-01'))?.choices?.[0]?.state).toBe(
      'awaiting-parent',
    );
  });

  test.each([
    ['2010-02-29', false],
    ['2012-02-29', true],
    ['2026-11-23', false],
    ['1850-01-01', false],
    ['2010-1-1', false],
    ['2010-13-01', false],
    ['yesterday', false],
  ])('%s as a day of birth: %s', (text, isOne) => {
    expect(isBirthdate(text, NOW)).toBe(isOne);
  });

  test('who was born on 29 February is a year older on 1 March', () => {
    const at = (day: string) => (Date.parse(day) / 1000) as EpochSeconds;
    expect(ageOn('2012-02-29', at('2025-02-28T23:59:59Z'))).toBe(12);
    expect(ageOn('2012-02-29', at('2025-03-01T00:00:00Z'))).toBe(13);
  });
});

describe('"do not sell or share"', () => {
  const policy = policyOf([
    purposeOf({ id: 'ads', isSaleOrShare: true }),
    purposeOf({ id: 'product-news' }),
    purposeOf({ id: 'partners', isSaleOrShare: true, basis: 'legitimate-interests' }),
  ]);
  const shown = { page: '/sign-in', method: 'gpc' } as const;
  const context = { policy, hash, shown, locales: ['en'] };

  test('withdraws what was agreed to of it, and nothing else', () => {
    const standing = chosen([choiceOf({ purposeId: 'ads' }), choiceOf()]);
    const change = decideDoNotSell(true, context, standing);
    expect(change?.doNotSell).toEqual({ isOn: true, ...shown });
    expect(change?.choices).toMatchObject([
      { purposeId: 'ads', state: 'withdrawn', method: 'gpc', page: '/sign-in' },
    ]);
  });

  test('is written once', () => {
    expect(decideDoNotSell(true, context, chosen([], DO_NOT_SELL))).toBeUndefined();
    expect(decideDoNotSell(false, context, NO_CHOICES)).toBeUndefined();
  });

  test('brings nothing back when it is lifted', () => {
    const lifted = decideDoNotSell(false, context, chosen([], DO_NOT_SELL));
    expect(lifted).toEqual({ doNotSell: { isOn: false, ...shown } });
  });
});
