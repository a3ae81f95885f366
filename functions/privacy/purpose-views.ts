/** A person's choices as REST tells of them. */
import { mayBeObjectedTo, type PurposeStanding } from '../core/consents/standing.ts';
import { hashWords, wordsInForce } from '../core/consents/words.ts';
import type { Choice, ChoiceEvent, PrivacyChoices } from '../core/ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../core/privacy-policy.ts';
import { toIsoTime } from '../core/time.ts';
import { hashText } from './choosing.ts';

/** With the words in force, whose `version` and `textHash` a grant has to name. */
export function viewPurpose(
  { purpose, state, isAllowed, choice }: PurposeStanding,
  { processors }: PrivacyPolicy,
  locales: ReadonlyArray<string>,
) {
  const words = wordsInForce(purpose, locales);
  return {
    purposeId: purpose.id,
    basis: purpose.basis,
    ...words,
    textHash: hashWords(words, hashText),
    state,
    isAllowed,
    mayBeObjectedTo: mayBeObjectedTo(purpose),
    isForAdults: purpose.isForAdults,
    isSaleOrShare: purpose.isSaleOrShare,
    retention: purpose.retention,
    dataCategories: purpose.dataCategories,
    processors: processors.filter(({ id }) => purpose.processors.includes(id)).map(viewProcessor),
    ...(choice !== undefined && { since: toIsoTime(choice.at), receipt: receiptPath(choice) }),
  };
}

function viewProcessor({ id, name, country }: PrivacyPolicy['processors'][number]) {
  return { id, name, country };
}

export function viewDoNotSell({ doNotSell }: PrivacyChoices) {
  if (doNotSell === undefined) return { isOn: false };
  return { isOn: true, since: toIsoTime(doNotSell.at), source: doNotSell.source };
}

export function viewEvent(event: ChoiceEvent) {
  const { at, ...rest } = event;
  const view = { ...rest, at: toIsoTime(at) };
  return event.kind === 'choice' ? { ...view, receipt: receiptPath(event) } : view;
}

function receiptPath({ eventId }: Pick<Choice, 'eventId'>): string {
  return `/v1/me/consents/receipts/${eventId}`;
}
