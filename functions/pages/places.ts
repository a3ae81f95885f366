import { isPlace } from './messages/en-places.ts';
import type { Voice } from './voice.tsx';

/** Where an AWS region is, in the reader's words; a region that is newer than we are, by its name. */
export function namePlace({ say }: Voice, region: string): string {
  const key = `place.${region}`;
  return isPlace(key) ? say(key) : region;
}

/** "Germany" for `DE`, as the reader's language calls it; anything else as it stands. */
export function nameCountry({ language }: Voice, code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames([language.tag], { type: 'region' }).of(code) ?? code;
}

/** As the reader's language sorts and calls them. */
export function listCountries(
  voice: Voice,
  codes: ReadonlyArray<string>,
): ReadonlyArray<{ readonly value: string; readonly label: string }> {
  const { compare } = new Intl.Collator(voice.language.tag);
  return codes
    .map((code) => ({ value: code, label: nameCountry(voice, code) }))
    .toSorted((a, b) => compare(a.label, b.label));
}
