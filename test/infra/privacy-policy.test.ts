import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PrivacyPolicyError, parsePrivacyPolicy } from '../../lib/privacy-policy.ts';

type Json = Record<string, unknown>;

const texts = {
  en: { title: 'News', description: 'We write to you.' },
  de: { title: 'Neues', description: 'Wir schreiben Ihnen.' },
};

const PURPOSE = {
  id: 'news',
  basis: 'consent',
  versions: [{ version: '1', texts }],
  retention: 'P2Y',
  dataCategories: ['e-mail address'],
};

const POLICY = {
  controller: { name: 'Shop', contact: 'privacy@shop.example', country: 'Germany' },
  purposes: [PURPOSE],
};

/** The sentence that an operator reads, and nothing for a policy that is one. */
function refusalOf(changes: Json): string {
  try {
    parsePrivacyPolicy({ ...POLICY, ...changes });
    return '';
  } catch (error) {
    if (error instanceof PrivacyPolicyError) return error.message;
    throw error;
  }
}

function withPurpose(changes: Json): Json {
  return { purposes: [{ ...PURPOSE, ...changes }] };
}

describe('the privacy policy of a deployment', () => {
  it('is there in cdk.json, with purposes of both kinds that people decide on', () => {
    const file = readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8');
    const { context }: { context: Json } = JSON.parse(file);
    const { purposes } = parsePrivacyPolicy(context['privacy']);
    expect(purposes.map(({ id, basis }) => `${id}: ${basis}`)).toEqual([
      'product-news: consent',
      'product-improvement: legitimate-interests',
      'personalised-advertising: consent',
    ]);
  });

  it('asks for nothing and shares nothing unless it says so', () => {
    const policy = parsePrivacyPolicy(POLICY);
    expect(policy).toMatchObject({
      processors: [],
      topics: [],
      consentAges: { default: 16 },
      atErasure: { consentHistory: 'delete' },
    });
    expect(policy.purposes[0]).toMatchObject({
      processors: [],
      isForAdults: false,
      isSaleOrShare: false,
      isAskedAtSignUp: false,
      versions: [{ needsNewConsent: true }],
    });
  });

  it('may come as text, as `--context` brings it', () => {
    expect(parsePrivacyPolicy(JSON.stringify(POLICY))).toEqual(parsePrivacyPolicy(POLICY));
  });

  it.each<[Json, string]>([
    [{ controller: undefined }, 'context "privacy.controller" is missing: expected name, contact'],
    [{ purpose: [] }, 'expected nothing called purpose'],
    [withPurpose({ id: 'News' }), '"privacy.purposes[0].id" is "News": expected 2 to 40 small'],
    [
      withPurpose({ basis: 'because' }),
      '[0].basis" is "because": expected a lawful basis: consent',
    ],
    [withPurpose({ retention: '2 years' }), 'is "2 years": expected an ISO 8601 duration'],
    [withPurpose({ retention: 'P' }), 'is "P": expected an ISO 8601 duration'],
    [withPurpose({ versions: [] }), 'expected at least one version of its words'],
    [
      withPurpose({ versions: [{ version: '1', texts: { en: texts.en } }] }),
      'expected a text in each language that the pages speak: en and de',
    ],
    [
      withPurpose({ versions: [{ version: '1', texts: { ...texts, en: { title: 'a\nb' } } }] }),
      'texts.en.title" is "a\\nb": expected 1 to 80 characters on one line',
    ],
    [withPurpose({ versions: [PURPOSE.versions[0], PURPOSE.versions[0]] }), 'names 1 twice'],
    [{ purposes: [PURPOSE, PURPOSE] }, 'context "privacy.purposes" names news twice'],
    [
      withPurpose({ processors: ['mail-house'] }),
      'says of news that mail-house processes it, which is none of the processors',
    ],
    [
      { processors: ['a1', 'a1'].map((id) => ({ id, name: 'A', country: 'B' })) },
      'context "privacy.processors" names a1 twice',
    ],
    [
      withPurpose({ basis: 'legitimate-interests', isAskedAtSignUp: true }),
      'says of news "isAskedAtSignUp", which is for the basis consent, not legitimate-interests',
    ],
    [
      withPurpose({ isAskedAtSignUp: true, isForAdults: true }),
      'says of news "isAskedAtSignUp" and "isForAdults": sign-up does not know how old somebody is',
    ],
    [
      withPurpose({ basis: 'contract', isSaleOrShare: true }),
      'says of news "isSaleOrShare", which one must be able to refuse: not with the basis contract',
    ],
    [{ consentAges: { DE: 12 } }, 'consentAges.DE" is 12: expected an age from 13 to 18'],
    [{ consentAges: { XX: 16 } }, 'expected codes of ISO 3166-1'],
    [{ atErasure: { consentHistory: 'keep' } }, 'is "keep": expected "delete" or "anonymise"'],
    [
      { topics: [{ id: 'offers', titles: { en: 'Offers' } }] },
      'each language that the pages speak',
    ],
    [
      {
        purposes: Array.from({ length: 60 }, (_, index) => ({
          ...PURPOSE,
          id: `news-${index}`,
          versions: [
            {
              version: '1',
              texts: { en: texts.en, de: { title: 'x', description: 'x'.repeat(1000) } },
            },
          ],
        })),
      },
      'bytes: expected 65536 at most',
    ],
  ])('that is %j is refused in one sentence that names value and place', (changes, sentence) => {
    expect(refusalOf(changes)).toContain(sentence);
    expect(refusalOf(changes)).not.toContain('\n');
  });

  it('is not left out by mistake', () => {
    expect(() => parsePrivacyPolicy(undefined)).toThrow(
      'context "privacy" is missing: expected a privacy policy such as the one in cdk.json',
    );
  });
});
