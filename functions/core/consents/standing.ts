/** Where a person stands with a purpose, and whether it may be pursued (GDPR Art. 6, 7, 21). */
import type { Choice, ConsentState, PrivacyChoices } from '../ports/privacy-choices.ts';
import type { PrivacyPolicy, Purpose } from '../privacy-policy.ts';
import { hasScope } from '../scope.ts';

export type PurposeState =
  | ConsentState
  /** Consent is asked for, and there is no answer. */
  | 'unanswered'
  /** Agreed to words that have changed since, so that it has to be asked for again. */
  | 'stale'
  /** Rests on another basis, and nobody objected. */
  | 'without-consent';

export interface PurposeStanding {
  readonly purpose: Purpose;
  readonly state: PurposeState;
  readonly isAllowed: boolean;
  /** The answer that it follows from. */
  readonly choice?: Choice;
}

/** GDPR Art. 21(1): against points (e) and (f) of Art. 6(1). */
export function mayBeObjectedTo({ basis }: Pick<Purpose, 'basis'>): boolean {
  return basis === 'legitimate-interests' || basis === 'public-task';
}

export function standingOf(
  purpose: Purpose,
  { choices, doNotSell }: PrivacyChoices,
): PurposeStanding {
  const choice = choices.get(purpose.id);
  const state = stateOf(purpose, choice);
  const isSold = purpose.isSaleOrShare && doNotSell !== undefined;
  const isAllowed = (state === 'granted' || state === 'without-consent') && !isSold;
  return { purpose, state, isAllowed, ...(choice !== undefined && { choice }) };
}

/** In the policy's order. */
export function standingsOf(
  policy: PrivacyPolicy,
  choices: PrivacyChoices,
): ReadonlyArray<PurposeStanding> {
  return policy.purposes.map((purpose) => standingOf(purpose, choices));
}

function stateOf(purpose: Purpose, choice: Choice | undefined): PurposeState {
  if (mayBeObjectedTo(purpose)) {
    return choice?.state === 'objected' ? 'objected' : 'without-consent';
  }
  // An answer to a basis that the operator has changed since says nothing any more.
  if (purpose.basis !== 'consent') return 'without-consent';
  if (choice === undefined || choice.state === 'objected') return 'unanswered';
  if (choice.state === 'granted' && isStale(purpose, choice.version)) return 'stale';
  return choice.state;
}

/** Whether consent to these words has to be asked for again; of unknown words nothing is proved. */
export function isStale({ versions }: Pick<Purpose, 'versions'>, version: string): boolean {
  const index = versions.findIndex((one) => one.version === version);
  return index === -1 || versions.slice(index + 1).some(({ needsNewConsent }) => needsNewConsent);
}

/**
 * What somebody who has just signed in is asked again. Whose age has to be known first is asked on
 * the page of their choices: until then what was agreed to is in force no more.
 */
export function findStale(
  policy: PrivacyPolicy,
  choices: PrivacyChoices,
): ReadonlyArray<PurposeStanding> {
  return standingsOf(policy, choices).filter(
    ({ state, purpose }) => state === 'stale' && !purpose.isForAdults,
  );
}

/** Unticked boxes of the sign-up form. Whose age has to be known first is asked elsewhere. */
export function purposesAskedAtSignUp({ purposes }: PrivacyPolicy): ReadonlyArray<Purpose> {
  return purposes.filter(
    ({ basis, isAskedAtSignUp, isForAdults }) =>
      basis === 'consent' && isAskedAtSignUp && !isForAdults,
  );
}

/** With the scope `consents`, the claim of that name: by purpose, whether it may be pursued. */
export function consentClaims(policy: PrivacyPolicy, choices: PrivacyChoices, scope: string) {
  if (!hasScope(scope, 'consents')) return {};
  const allowed = standingsOf(policy, choices).map(
    ({ purpose, isAllowed }) => [purpose.id, isAllowed] as const,
  );
  return { consents: Object.fromEntries(allowed) };
}
