/** Which words are shown, and where somebody stands (GDPR Art. 6, 7; CPRA §1798.120). */
import { describe, expect, test } from 'vitest';
import {
  consentClaims,
  findStale,
  purposesAskedAtSignUp,
  standingOf,
  standingsOf,
} from '../../functions/core/consents/standing.ts';
import { hashWords, wordsInForce } from '../../functions/core/consents/words.ts';
import type { LawfulBasis } from '../../functions/core/privacy-policy.ts';
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

const DO_NOT_SELL = { doNotSell: { at: NOW, source: 'gpc' } } as const;

describe('the words', () => {
  const purpose = purposeOf({ versions: [versionOf('1'), versionOf('2')] });

  test.each([
    [['de-AT', 'en'], 'de', 'Neues 2'],
    [['fr', 'en-GB'], 'en', 'News 2'],
    [['fr'], 'en', 'News 2'],
    [['EN'], 'en', 'News 2'],
    [[], 'en', 'News 2'],
  ])('for readers of %j are those in force in %s', (locales, language, title) => {
    expect(wordsInForce(purpose, locales)).toMatchObject({ version: '2', language, title });
  });

  test('are proved by a hash of title and description, each in its place', () => {
    const words = wordsInForce(purpose, ['en']);
    expect(hashWords(words, hash)).toBe('hash of News 2\nWe write to you.');
    const swapped = { ...words, title: words.description, description: words.title };
    expect(hashWords(swapped, hash)).not.toBe(hashWords(words, hash));
  });
});

describe('where somebody stands', () => {
  test.each<[LawfulBasis, string, boolean]>([
    ['consent', 'unanswered', false],
    ['legitimate-interests', 'without-consent', true],
    ['public-task', 'without-consent', true],
    ['contract', 'without-consent', true],
    ['legal-obligation', 'without-consent', true],
    ['vital-interests', 'without-consent', true],
  ])('who never answered to %s is %s', (basis, state, isAllowed) => {
    expect(standingOf(purposeOf({ basis }), NO_CHOICES)).toMatchObject({ state, isAllowed });
  });

  test.each([
    ['granted', true],
    ['withdrawn', false],
    ['awaiting-parent', false],
  ] as const)('consent that is %s allows: %s', (state, isAllowed) => {
    const standing = standingOf(purposeOf(), chosen([choiceOf({ state })]));
    expect(standing).toMatchObject({ state, isAllowed });
  });

  test('an objection ends what rests on legitimate interests', () => {
    const purpose = purposeOf({ basis: 'legitimate-interests' });
    expect(standingOf(purpose, chosen([choiceOf({ state: 'objected' })]))).toMatchObject({
      state: 'objected',
      isAllowed: false,
    });
    expect(standingOf(purpose, chosen([choiceOf({ state: 'granted' })])).isAllowed).toBe(true);
  });

  test('an answer to another basis says nothing: what was objected to is asked for', () => {
    const choices = chosen([choiceOf({ state: 'objected' })]);
    expect(standingOf(purposeOf(), choices).state).toBe('unanswered');
    expect(standingOf(purposeOf({ basis: 'contract' }), choices).isAllowed).toBe(true);
  });

  test.each([
    ['as ever, when later words need no new consent', false, 'granted'],
    ['stale, when they do', true, 'stale'],
  ])('consent to earlier words is %s', (_, needsNewConsent, state) => {
    const versions = [
      versionOf('1'),
      versionOf('2', { needsNewConsent }),
      versionOf('3', { needsNewConsent: false }),
    ] as const;
    const standing = standingOf(purposeOf({ versions }), chosen([choiceOf()]));
    expect(standing).toMatchObject({ state, isAllowed: state === 'granted' });
  });

  test('consent to words that nobody has any more is stale, since nothing is proved', () => {
    const choices = chosen([choiceOf({ version: 'gone' })]);
    expect(standingOf(purposeOf(), choices).state).toBe('stale');
  });

  test('"do not sell or share" ends every purpose that does, whatever it rests on', () => {
    for (const basis of ['consent', 'legitimate-interests', 'contract'] as const) {
      const purpose = purposeOf({ basis, isSaleOrShare: true });
      expect(standingOf(purpose, chosen([choiceOf()])).isAllowed).toBe(true);
      expect(standingOf(purpose, chosen([choiceOf()], DO_NOT_SELL)).isAllowed).toBe(false);
    }
    expect(standingOf(purposeOf(), chosen([choiceOf()], DO_NOT_SELL)).isAllowed).toBe(true);
  });

  test('asked again is only who agreed, and never who said no', () => {
    const versions = [versionOf('1'), versionOf('2')] as const;
    const policy = policyOf([purposeOf({ versions })]);
    expect(findStale(policy, chosen([choiceOf()]))).toHaveLength(1);
    expect(findStale(policy, chosen([choiceOf({ state: 'withdrawn' })]))).toEqual([]);
    expect(findStale(policy, NO_CHOICES)).toEqual([]);
  });

  test('whose age has to be known is not asked by the sign-in, which does not know it', () => {
    const versions = [versionOf('1'), versionOf('2')] as const;
    const policy = policyOf([purposeOf({ versions, isForAdults: true })]);
    expect(findStale(policy, chosen([choiceOf()]))).toEqual([]);
    expect(standingsOf(policy, chosen([choiceOf()]))[0]).toMatchObject({
      state: 'stale',
      isAllowed: false,
    });
  });

  test('apps are told yes or no, and only with the scope', () => {
    const policy = policyOf([purposeOf(), purposeOf({ id: 'ads' })]);
    const choices = chosen([choiceOf()]);
    expect(consentClaims(policy, choices, 'openid consents')).toEqual({
      consents: { 'product-news': true, ads: false },
    });
    expect(consentClaims(policy, choices, 'openid')).toEqual({});
  });
});

describe('on the sign-up form', () => {
  test.each([
    ['consent that is asked for there', purposeOf(), 1],
    ['nothing that is not asked for there', purposeOf({ isAskedAtSignUp: false }), 0],
    ['nothing that rests on another basis', purposeOf({ basis: 'contract' }), 0],
    ['nothing for adults, whose age is not known yet', purposeOf({ isForAdults: true }), 0],
  ])('stands %s', (_, purpose, count) => {
    expect(purposesAskedAtSignUp(policyOf([purpose]))).toHaveLength(count);
  });
});
