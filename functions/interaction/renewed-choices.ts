import { hashSecret } from '../adapters/crypto/hash.ts';
import { decideChoice } from '../core/consents/choosing.ts';
import { findStale } from '../core/consents/standing.ts';
import { hashWords, wordsInForce } from '../core/consents/words.ts';
import { HttpError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { PrivacyChange, PrivacyChoices } from '../core/ports/privacy-choices.ts';
import { actingOf } from '../http/acting.ts';
import type { HttpRequest } from '../http/message.ts';
import type { OfferedPurpose } from '../pages/view.ts';
import type { Interaction } from './dependencies.ts';

const SHOWN = { page: '/renew-consents', method: 'form' } as const;

/** The new words of what was agreed to in old ones. */
export function askAgain(
  { policy }: Pick<Interaction, 'policy'>,
  choices: PrivacyChoices,
  locales: ReadonlyArray<string>,
): ReadonlyArray<Omit<OfferedPurpose, 'isTicked'>> {
  return findStale(policy, choices).map(({ purpose }) => {
    const words = wordsInForce(purpose, locales);
    const value = `${words.language} ${hashWords(words, hashSecret)} ${words.version}`;
    return { name: `purpose-${purpose.id}`, value, ...words };
  });
}

/** Writes the answers in one transaction; false when the words have changed once more. */
export async function areRenewed(deps: Interaction, http: HttpRequest, sub: Sub): Promise<boolean> {
  try {
    const acting = actingOf(http, { type: 'person', sub });
    await deps.choices.change(sub, (standing) => decide(deps, http, standing), acting);
    return true;
  } catch (error) {
    if (error instanceof HttpError && error.status === 409) return false;
    throw error;
  }
}

/** Of purposes that nobody answered, nothing is said: they are asked about at the next sign-in. */
function decide(
  { policy }: Interaction,
  { form, now }: HttpRequest,
  standing: PrivacyChoices,
): PrivacyChange | undefined {
  const choices = findStale(policy, standing).flatMap(({ purpose }) => {
    const name = `purpose-${purpose.id}`;
    const state = form.find(name);
    if (state !== 'granted' && state !== 'withdrawn') return [];
    const [language = '', textHash, version] = form.text(`shown-${name}`).split(' ');
    const wish = { state, language, textHash, version } as const;
    const rules = { policy, hash: hashSecret, now };
    return decideChoice(purpose, wish, SHOWN, standing, rules)?.choices ?? [];
  });
  return choices.length === 0 ? undefined : { choices };
}
