import type { WishedState } from '../../core/consents/choosing.ts';
import {
  mayBeObjectedTo,
  type PurposeStanding,
  standingsOf,
} from '../../core/consents/standing.ts';
import { hashWords, pickLanguage, wordsInForce } from '../../core/consents/words.ts';
import { CHANNELS, type PrivacyChoices } from '../../core/ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../../core/privacy-policy.ts';
import type { PurposeRow, TopicRow } from '../../pages/privacy-views.ts';
import { hashText } from '../choosing.ts';

/** Every purpose in the reader's language, and what may be said of it. */
export function purposeRows(
  policy: PrivacyPolicy,
  choices: PrivacyChoices,
  locales: ReadonlyArray<string>,
): ReadonlyArray<PurposeRow> {
  return standingsOf(policy, choices).map((standing) => {
    const { purpose, state, choice } = standing;
    const words = wordsInForce(purpose, locales);
    const isStopped = purpose.isSaleOrShare && choices.doNotSell !== undefined;
    return {
      purposeId: purpose.id,
      title: words.title,
      description: words.description,
      language: words.language,
      basis: purpose.basis,
      state,
      // Where nothing is in force, the day of an answer to something else says nothing.
      ...(choice?.state === state && { since: choice.at }),
      isStopped,
      dataCategories: purpose.dataCategories,
      recipients: policy.processors.filter(({ id }) => purpose.processors.includes(id)),
      retention: purpose.retention,
      answers: answersTo(standing, isStopped),
      proof: `${words.language} ${hashWords(words, hashText)} ${words.version}`,
    };
  });
}

/** As `decideChoice` takes them: nothing is granted of what "do not sell or share" has stopped. */
function answersTo(
  { purpose, state }: PurposeStanding,
  isStopped: boolean,
): ReadonlyArray<WishedState> {
  const grant: ReadonlyArray<WishedState> = isStopped ? [] : ['granted'];
  switch (state) {
    case 'granted':
      return ['withdrawn'];
    case 'withdrawn':
    case 'objected':
      return grant;
    case 'without-consent':
      return mayBeObjectedTo(purpose) ? ['objected'] : [];
    case 'unanswered':
    case 'stale':
    case 'awaiting-parent':
      return [...grant, 'withdrawn'];
  }
}

export function topicRows(
  { topics }: PrivacyPolicy,
  choices: PrivacyChoices,
  locales: ReadonlyArray<string>,
): ReadonlyArray<TopicRow> {
  return topics.map(({ id, titles }) => {
    const language = pickLanguage(titles, locales);
    const wanted = choices.topics.get(id);
    return {
      topicId: id,
      title: titles[language] ?? id,
      language,
      channels: CHANNELS.map((channel) => ({ channel, isWanted: wanted?.[channel] ?? false })),
    };
  });
}
