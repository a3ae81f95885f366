/** Which changes of a choice are sound, and what is written of them (GDPR Art. 7, 8, 21). */
import { HttpError } from '../errors.ts';
import type {
  ChoiceMethod,
  ConsentState,
  NewChoice,
  PrivacyChange,
  PrivacyChoices,
} from '../ports/privacy-choices.ts';
import type { PrivacyPolicy, Purpose } from '../privacy-policy.ts';
import type { EpochSeconds } from '../time.ts';
import { type AgeFacts, mayConsentAlone } from './minors.ts';
import { mayBeObjectedTo } from './standing.ts';
import { findShownWords, type HashText, hashWords, versionInForce, wordsInForce } from './words.ts';

/** What a person may say of a purpose. */
export type WishedState = Exclude<ConsentState, 'awaiting-parent'>;

export interface Wish {
  readonly state: WishedState;
  /** Of the words that were shown. Needed to grant; to withdraw or object takes no proof. */
  readonly version?: string | undefined;
  readonly textHash?: string | undefined;
  /** BCP 47 tag of the words that were shown. */
  readonly language: string;
}

/** How the wish came about. */
export interface Shown {
  /** Path of the page, or `api`. */
  readonly page: string;
  readonly method: ChoiceMethod;
}

interface Rules {
  readonly policy: PrivacyPolicy;
  readonly hash: HashText;
  /** Undefined while it is unknown; needed for purposes `isForAdults`. */
  readonly age?: AgeFacts | undefined;
  readonly now: EpochSeconds;
}

/** Throws HttpError 404. */
export function requirePurpose({ purposes }: PrivacyPolicy, purposeId: string): Purpose {
  const purpose = purposes.find(({ id }) => id === purposeId);
  if (purpose !== undefined) return purpose;
  throw new HttpError(404, 'there is no such purpose');
}

/**
 * What a wish comes to while `standing` stands; undefined when it is so already. Throws HttpError
 * 409 when it cannot be granted, or when the words shown are not those in force.
 */
export function decideChoice(
  purpose: Purpose,
  wish: Wish,
  shown: Shown,
  standing: PrivacyChoices,
  rules: Rules,
): PrivacyChange | undefined {
  requireOpen(purpose, wish);
  const state = wish.state === 'granted' ? decideGrant(purpose, wish, standing, rules) : wish.state;
  const words = wordsInForce(purpose, [wish.language]);
  const before = standing.choices.get(purpose.id);
  if (before?.state === state && before.version === words.version) return undefined;
  const choice: NewChoice = {
    purposeId: purpose.id,
    state,
    version: words.version,
    textHash: hashWords(words, rules.hash),
    language: words.language,
    ...shown,
  };
  return { choices: [choice] };
}

/** Whether somebody's age decides on what they wish: to say no, nobody is too young. */
export function isAgeNeeded(purpose: Purpose, { state }: Pick<Wish, 'state'>): boolean {
  return state === 'granted' && purpose.basis === 'consent' && purpose.isForAdults;
}

/** Consent is granted and withdrawn; what may be objected to is objected to, and again not. */
function requireOpen(purpose: Purpose, { state }: Wish): void {
  const isObjectable = mayBeObjectedTo(purpose);
  if (purpose.basis !== 'consent' && !isObjectable) {
    throw new HttpError(409, 'this purpose rests on no consent, and cannot be objected to');
  }
  if (isObjectable && state === 'withdrawn') {
    throw new HttpError(409, 'this purpose rests on no consent: it is objected to, not withdrawn');
  }
  if (!isObjectable && state === 'objected') {
    throw new HttpError(409, 'this purpose rests on consent: it is withdrawn, not objected to');
  }
}

function decideGrant(
  purpose: Purpose,
  wish: Wish,
  standing: PrivacyChoices,
  rules: Rules,
): ConsentState {
  requireWordsInForce(purpose, wish, rules.hash);
  if (purpose.isSaleOrShare && standing.doNotSell !== undefined) {
    throw new HttpError(409, '"do not sell or share" stands: it has to be lifted first');
  }
  if (!isAgeNeeded(purpose, wish)) return 'granted';
  if (rules.age === undefined) {
    throw new HttpError(409, 'birthdate and country are needed before this can be granted');
  }
  if (mayConsentAlone(rules.policy, rules.age, rules.now)) return 'granted';
  // What a parent agreed to stands; once it was withdrawn, they are asked again.
  const before = standing.choices.get(purpose.id);
  const isAgreed = before?.method === 'parent' && before.state === 'granted';
  return isAgreed && before.version === wish.version ? 'granted' : 'awaiting-parent';
}

/** GDPR Art. 7(1): it can be shown later what was agreed to, since nothing else is accepted. */
function requireWordsInForce(purpose: Purpose, wish: Wish, hash: HashText): void {
  const { version, textHash, language } = wish;
  if (version === undefined || textHash === undefined) {
    throw new HttpError(409, 'version and textHash of the words that were shown are needed');
  }
  const isInForce = versionInForce(purpose).version === version;
  if (isInForce && findShownWords(purpose, { version, textHash, language }, hash) !== undefined) {
    return;
  }
  throw new HttpError(409, 'the words that were shown are not those in force: show them again');
}
