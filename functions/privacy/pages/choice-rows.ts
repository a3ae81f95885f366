import { pickLanguage, versionInForce } from '../../core/consents/words.ts';
import type { ChoiceEvent } from '../../core/ports/privacy-choices.ts';
import type { PrivacyPolicy } from '../../core/privacy-policy.ts';
import type { ChoiceRow } from '../../pages/privacy-views.ts';
import { PRIVACY_PAGE } from './signed-in.ts';

/** A line of the consents' history as the pages show it. */
export function choiceOrSwitchRow(
  event: ChoiceEvent,
  policy: PrivacyPolicy,
  locales: ReadonlyArray<string>,
): ChoiceRow {
  const { kind, method, at } = event;
  if (kind === 'do-not-sell') return { kind, method, at, isOn: event.isOn };
  return choiceRow(event, policy, locales);
}

/** By the title that was shown, else today's; a purpose that is gone goes by its id. */
export function choiceRow(
  { purposeId, version, language, state, method, at, eventId }: ChoiceEvent & { kind: 'choice' },
  { purposes }: PrivacyPolicy,
  locales: ReadonlyArray<string>,
): Extract<ChoiceRow, { kind: 'choice' }> {
  const purpose = purposes.find(({ id }) => id === purposeId);
  const shown =
    purpose && (purpose.versions.find((one) => one.version === version) ?? versionInForce(purpose));
  const own = shown && pickLanguage(shown.texts, [language, ...locales]);
  return {
    kind: 'choice',
    title: (own !== undefined && shown?.texts[own]?.title) || purposeId,
    language: own ?? language,
    ...{ state, method, at },
    receiptUrl: `${PRIVACY_PAGE}/receipts/${eventId}`,
  };
}
