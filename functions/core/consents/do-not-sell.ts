/** "Do not sell or share my personal information": CPRA §1798.120, Global Privacy Control. */
import type { NewChoice, PrivacyChange, PrivacyChoices } from '../ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../privacy-policy.ts';
import type { Shown } from './choosing.ts';
import { type HashText, hashWords, wordsInForce } from './words.ts';

/**
 * Switched on, it withdraws what was agreed to of selling and sharing; switched off, it restores
 * nothing: consent that ended is given anew. Undefined when it is so already.
 */
export function decideDoNotSell(
  isOn: boolean,
  { policy, hash, shown, locales }: DoNotSellContext,
  standing: PrivacyChoices,
): PrivacyChange | undefined {
  if (isOn === (standing.doNotSell !== undefined)) return undefined;
  const doNotSell = { isOn, ...shown };
  if (!isOn) return { doNotSell };
  const sold = policy.purposes.filter(
    ({ id, isSaleOrShare }) => isSaleOrShare && hasSaidYes(standing, id),
  );
  const choices = sold.map((purpose): NewChoice => {
    const words = wordsInForce(purpose, locales);
    const { version, language } = words;
    const textHash = hashWords(words, hash);
    return { purposeId: purpose.id, state: 'withdrawn', version, textHash, language, ...shown };
  });
  return { doNotSell, choices };
}

interface DoNotSellContext {
  readonly policy: PrivacyPolicy;
  readonly hash: HashText;
  readonly shown: Shown;
  /** The reader's languages, BCP 47. */
  readonly locales: ReadonlyArray<string>;
}

function hasSaidYes({ choices }: PrivacyChoices, purposeId: string): boolean {
  const state = choices.get(purposeId)?.state;
  return state === 'granted' || state === 'awaiting-parent';
}
