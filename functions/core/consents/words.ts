/** The words in which a purpose is put to people, and the proof of which ones they read. */
import type { Purpose, PurposeVersion } from '../privacy-policy.ts';

/** What somebody is shown of a purpose. */
export interface PurposeWords {
  readonly version: string;
  /** BCP 47 tag of the words. */
  readonly language: string;
  readonly title: string;
  readonly description: string;
}

/** SHA-256, base64url. */
export type HashText = (text: string) => string;

/** The version that is in force: the last one. */
export function versionInForce({ versions }: Pick<Purpose, 'versions'>): PurposeVersion {
  return versions.at(-1) ?? versions[0];
}

/** In the first of the reader's languages that there are words in; BCP 47 tags. */
export function wordsInForce(purpose: Purpose, locales: ReadonlyArray<string>): PurposeWords {
  return wordsOf(versionInForce(purpose), locales);
}

function wordsOf({ version, texts }: PurposeVersion, locales: ReadonlyArray<string>): PurposeWords {
  const language = pickLanguage(texts, locales);
  const { title = '', description = '' } = texts[language] ?? {};
  return { version, language, title, description };
}

/** The first of the reader's languages that there is something in; else the first there is. */
export function pickLanguage(
  texts: Readonly<Record<string, unknown>>,
  locales: ReadonlyArray<string>,
): string {
  const [first = ''] = Object.keys(texts);
  return locales.map((locale) => matchLanguage(texts, locale)).find(isFound) ?? first;
}

/** RFC 4647 §3.4: the tag, then what is left of it when its end is cut off. */
function matchLanguage(
  texts: Readonly<Record<string, unknown>>,
  locale: string,
): string | undefined {
  const tags = Object.keys(texts);
  for (let range = locale.toLowerCase(); range !== ''; range = cutEnd(range)) {
    const found = tags.find((tag) => tag.toLowerCase() === range);
    if (found !== undefined) return found;
  }
  return undefined;
}

function cutEnd(range: string): string {
  return range.slice(0, Math.max(0, range.lastIndexOf('-')));
}

function isFound(language: string | undefined): language is string {
  return language !== undefined;
}

/** What the hash of a choice is made of. */
export function hashWords({ title, description }: PurposeWords, hash: HashText): string {
  return hash(`${title}\n${description}`);
}

/** The very words that a hash was made of; undefined when the policy has them no longer. */
export function findShownWords(
  purpose: Purpose | undefined,
  shown: { readonly version: string; readonly language: string; readonly textHash: string },
  hash: HashText,
): PurposeWords | undefined {
  const version = purpose?.versions.find((one) => one.version === shown.version);
  // Asked for by name alone, `constructor` would be a language whose words are `undefined`.
  if (version === undefined || !Object.hasOwn(version.texts, shown.language)) return undefined;
  const text = version.texts[shown.language];
  if (text === undefined) return undefined;
  const words = { version: shown.version, language: shown.language, ...text };
  return hashWords(words, hash) === shown.textHash ? words : undefined;
}
