import type { Message } from './form-state.ts';
import { de } from './messages/de.ts';
import { en, type Messages } from './messages/en.ts';
import type { Text } from './messages/text.ts';

/** One language that the pages and mails speak. */
export interface Language {
  /** BCP 47 tag for `lang` attributes. */
  readonly tag: string;
  /** In its own words. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly messages: Messages;
}

const ENGLISH: Language = { tag: 'en', name: 'English', direction: 'ltr', messages: en };
const GERMAN: Language = { tag: 'de', name: 'Deutsch', direction: 'ltr', messages: de };

/** Every language with messages; the first is the fallback. */
export const LANGUAGES: ReadonlyArray<Language> = [ENGLISH, GERMAN];

/** The tags of `ui_locales_supported` (OIDC Discovery 1.0 §3). */
export const LANGUAGE_TAGS: ReadonlyArray<string> = LANGUAGES.map(({ tag }) => tag);

/** The query parameter by which somebody chooses a language; `ui_locales` is what their app wishes. */
export const LANGUAGE_PARAMETER = 'language';

/** Enough for a browser's list; more is somebody trying something. */
const MAX_RANGES = 20;

/** "Lookup" of RFC 4647 §3.4: each range in turn, shortened from the end until one matches. */
export function chooseLanguage(ranges: ReadonlyArray<string>): Language {
  for (const range of ranges.slice(0, MAX_RANGES)) {
    const language = lookUp(range.toLowerCase());
    if (language !== undefined) return language;
  }
  return ENGLISH;
}

function lookUp(range: string): Language | undefined {
  let subtags = range.split('-');
  while (subtags.length > 0) {
    const tag = subtags.join('-');
    const language = LANGUAGES.find((candidate) => candidate.tag === tag);
    if (language !== undefined) return language;
    subtags = subtags.slice(0, -1);
    // "If the last subtag is a single letter or digit, it is removed as well."
    if (subtags.at(-1)?.length === 1) subtags = subtags.slice(0, -1);
  }
  return undefined;
}

/** The sentence with its placeholders still in it, in the plural form that the values ask for. */
export function findTemplate({ key, values }: Message, language: Language): string {
  const text: Text = language.messages[key];
  if (typeof text === 'string') return text;
  const count = Number(values?.[text.count]);
  if (!Number.isFinite(count)) return text.other;
  return text[new Intl.PluralRules(language.tag).select(count)] ?? text.other;
}

const PLACEHOLDER = /\{([a-z]+)\}/g;

/** Plain text; the caller's renderer escapes it. A placeholder without a value is left out. */
export function translate(message: Message, language: Language): string {
  return findTemplate(message, language).replace(PLACEHOLDER, (_, name: string) =>
    formatValue(message.values?.[name], language),
  );
}

/** Splits a sentence around its placeholders: text, name, text, name, … text. */
export function splitTemplate(template: string): ReadonlyArray<string> {
  return template.split(PLACEHOLDER);
}

export function formatValue(value: string | number | undefined, language: Language): string {
  if (typeof value === 'number') return new Intl.NumberFormat(language.tag).format(value);
  return value ?? '';
}

/**
 * "22 November 2026 at 05:40 UTC", in lists with the month's short name: the reader's time zone is
 * unknown, so the zone is stated.
 */
export function formatTime(
  epochSeconds: number,
  language: Language,
  month: 'long' | 'short',
): string {
  return new Intl.DateTimeFormat(language.tag === 'en' ? 'en-GB' : language.tag, {
    day: 'numeric',
    month,
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(epochSeconds * 1000);
}
