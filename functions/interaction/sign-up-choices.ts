/** Consent on the sign-up form: unticked boxes, each with the words that it stands for. */
import { hashSecret } from '../adapters/crypto/hash.ts';
import { decideBySignal } from '../browser/global-privacy-control.ts';
import { decideChoice } from '../core/consents/choosing.ts';
import { purposesAskedAtSignUp } from '../core/consents/standing.ts';
import { hashWords, type PurposeWords, wordsInForce } from '../core/consents/words.ts';
import { HttpError } from '../core/errors.ts';
import type { NewChoice, PrivacyChange, PrivacyChoices } from '../core/ports/privacy-choices.ts';
import type { Purpose } from '../core/privacy-policy.ts';
import type { HttpRequest } from '../http/message.ts';
import type { OfferedPurpose } from '../pages/view.ts';
import type { Interaction } from './dependencies.ts';

const NOTHING_CHOSEN: PrivacyChoices = { choices: new Map(), topics: new Map() };
const SHOWN = { page: '/sign-up', method: 'form' } as const;

type Deps = Pick<Interaction, 'pages' | 'policy'>;

/** For the form; what was ticked before stays ticked as long as its words are the same. */
export function offerPurposes(
  deps: Deps,
  http: HttpRequest,
  locales: ReadonlyArray<string>,
): ReadonlyArray<OfferedPurpose> {
  return purposesAskedAtSignUp(deps.policy).map((purpose) => {
    const words = wordsInForce(purpose, locales);
    const name = fieldOf(purpose);
    const value = proofOf(words);
    return { name, value, ...words, isTicked: http.form.find(name) === value };
  });
}

/**
 * What was ticked, and the browser's signal. Throws HttpError 409 when the words have changed since
 * the form was shown: it is shown again.
 */
export function readSignUpChoices(deps: Deps, http: HttpRequest): PrivacyChange | undefined {
  const bySignal = decideBySignal(deps, http, NOTHING_CHOSEN);
  const choices = purposesAskedAtSignUp(deps.policy).flatMap((purpose) => {
    const proof = http.form.find(fieldOf(purpose));
    // GDPR Art. 4(11), recital 32: a box that was left alone says nothing.
    if (proof === undefined || (purpose.isSaleOrShare && bySignal !== undefined)) return [];
    return grant(deps, http, purpose, proof);
  });
  if (choices.length === 0) return bySignal;
  return { ...bySignal, choices };
}

function grant(
  { policy }: Deps,
  { now }: HttpRequest,
  purpose: Purpose,
  proof: string,
): ReadonlyArray<NewChoice> {
  const [language = '', textHash, version] = proof.split(' ');
  const wish = { state: 'granted', language, textHash, version } as const;
  const rules = { policy, hash: hashSecret, now };
  return decideChoice(purpose, wish, SHOWN, NOTHING_CHOSEN, rules)?.choices ?? [];
}

/** True for what `readSignUpChoices` throws. */
export function areWordsOutdated(error: unknown): boolean {
  return error instanceof HttpError && error.status === 409;
}

function fieldOf({ id }: Purpose): string {
  return `purpose-${id}`;
}

function proofOf(words: PurposeWords): string {
  return `${words.language} ${hashWords(words, hashSecret)} ${words.version}`;
}
