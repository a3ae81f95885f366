import type {
  Choice,
  NewChoice,
  PrivacyChoices,
} from '../../functions/core/ports/privacy-choices.ts';
import type {
  PrivacyPolicy,
  Purpose,
  PurposeVersion,
} from '../../functions/core/privacy-policy.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

export const NOW = (Date.parse('2026-11-22T12:00:00Z') / 1000) as EpochSeconds;

export const NO_CHOICES: PrivacyChoices = { choices: new Map(), topics: new Map() };

/** Not SHA-256, but as good for rules: other words, other hash. */
export const hash = (text: string): string => `hash of ${text}`;

export function versionOf(version: string, changes: Partial<PurposeVersion> = {}): PurposeVersion {
  return {
    version,
    texts: {
      en: { title: `News ${version}`, description: 'We write to you.' },
      de: { title: `Neues ${version}`, description: 'Wir schreiben Ihnen.' },
    },
    needsNewConsent: true,
    ...changes,
  };
}

export function purposeOf(changes: Partial<Purpose> = {}): Purpose {
  return {
    id: 'product-news',
    basis: 'consent',
    versions: [versionOf('1')],
    retention: 'P2Y',
    processors: ['mail-house'],
    dataCategories: ['e-mail address'],
    isForAdults: false,
    isSaleOrShare: false,
    isAskedAtSignUp: true,
    ...changes,
  };
}

export function policyOf(
  purposes: ReadonlyArray<Purpose>,
  changes: Partial<PrivacyPolicy> = {},
): PrivacyPolicy {
  return {
    controller: { name: 'Shop Ltd', contact: 'privacy@shop.example', country: 'Germany' },
    purposes,
    processors: [
      { id: 'mail-house', name: 'Mail House', country: 'Germany', answersExports: false },
      { id: 'analytics-house', name: 'Analytics', country: 'Ireland', answersExports: true },
    ],
    topics: [{ id: 'offers', titles: { en: 'Offers' } }],
    consentAges: { default: 16, AT: 14 },
    atErasure: { consentHistory: 'delete' },
    ...changes,
  };
}

export function choiceOf(changes: Partial<Choice> = {}): Choice {
  return {
    purposeId: 'product-news',
    state: 'granted',
    version: '1',
    textHash: hash('News 1\nWe write to you.'),
    language: 'en',
    page: 'api',
    method: 'api',
    at: NOW,
    eventId: 'event',
    ...changes,
  };
}

/** What stands once these were chosen, one after another. */
export function chosen(
  choices: ReadonlyArray<Choice | NewChoice>,
  changes: Partial<PrivacyChoices> = {},
): PrivacyChoices {
  const complete = choices.map((choice) => choiceOf(choice));
  return {
    choices: new Map(complete.map((choice) => [choice.purposeId, choice])),
    topics: new Map(),
    ...changes,
  };
}
