import { randomInt } from 'node:crypto';
import type { SecretKey } from './markers-keys.ts';
import { findBlobs, IN_TEXT, type Opened, openAll } from './markers-opening.ts';
import { base64Forms, searchFor } from './spellings.ts';

/** What tells the people of one cell from all others, wherever it turns up. */
export interface Marker {
  readonly cell: string;
  /** Compared without regard to case. */
  readonly values: ReadonlyArray<string>;
}

/** Something that is kept, or was said, somewhere. */
export interface StoredText {
  /** Undefined for what belongs to no region, such as a page of the console. */
  readonly region: string | undefined;
  /** `domicile-data-eu`, `log of domicile-token`: for whoever reads of a finding. */
  readonly store: string;
  readonly text: string;
}

export interface Finding {
  readonly cell: string;
  readonly region: string | undefined;
  readonly store: string;
  /** `clear`, or what opened it. */
  readonly by: string;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Eight random letters: they fit an address, a password, a header and a subtag of BCP 47, and turn up
 * in no text by chance.
 */
export function newMark(): string {
  return Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** Looks for markers in whatever form they stand, behind every key that anybody has. */
export class MarkerFinder {
  readonly #markers: ReadonlyArray<{
    readonly cell: string;
    readonly isIn: (text: string) => boolean;
  }>;
  readonly #any: (text: string) => boolean;
  readonly #keys: ReadonlyArray<SecretKey>;
  /** The same blob lies in tables, streams and requests: what it holds is asked once. */
  readonly #opened = new Map<string, ReadonlyArray<Hit>>();

  constructor(markers: ReadonlyArray<Marker>, keys: ReadonlyArray<SecretKey>) {
    this.#markers = markers.map(({ cell, values }) => ({ cell, isIn: searchForValues(values) }));
    this.#any = searchForValues(markers.flatMap(({ values }) => values));
    this.#keys = keys;
  }

  /** Each cell, store and way of finding once. */
  findAll(texts: Iterable<StoredText>): ReadonlyArray<Finding> {
    const all = [...texts];
    // Logs and what shows them tell the same: a text is searched once, wherever it stands.
    const blobsOf = new Map<string, ReadonlyArray<string>>();
    for (const { text } of all) if (!blobsOf.has(text)) blobsOf.set(text, findBlobs(text));
    this.#open([...blobsOf.values()].flat(), 0);
    const hitsOf = new Map(
      [...blobsOf].map(([text, blobs]) => [
        text,
        [...this.#findClear(text), ...this.#hitsIn(blobs)],
      ]),
    );
    const findings = new Map<string, Finding>();
    for (const { region, store, text } of all) {
      for (const { cell, by } of hitsOf.get(text) ?? []) {
        findings.set([region, store, cell, by].join(), { cell, region, store, by });
      }
    }
    return [...findings.values()];
  }

  #findClear(text: string): ReadonlyArray<Hit> {
    if (!this.#any(text)) return [];
    return this.#markers
      .filter(({ isIn }) => isIn(text))
      .map(({ cell }) => ({ cell, by: 'clear' }));
  }

  #hitsIn(blobs: ReadonlyArray<string>): ReadonlyArray<Hit> {
    return blobs.flatMap((blob) => this.#opened.get(blob) ?? []);
  }

  /** What was sealed may hold what was sealed before, which is opened first. */
  #open(blobs: ReadonlyArray<string>, depth: number): void {
    const unknown = new Set(blobs.filter((blob) => !this.#opened.has(blob)));
    if (unknown.size === 0) return;
    const opened = [...openAll(this.#keys, unknown)].map(
      ([blob, plaintexts]) => [blob, plaintexts.map((one) => read(one, depth))] as const,
    );
    this.#open(
      opened.flatMap(([, plaintexts]) => plaintexts.flatMap(({ inside }) => inside)),
      depth + 1,
    );
    for (const [blob, plaintexts] of opened) {
      const hits = plaintexts.flatMap(({ key, text, inside }) => [
        ...this.#findClear(text).map(({ cell }) => ({ cell, by: key })),
        ...this.#hitsIn(inside).map(({ cell, by }) => ({ cell, by: `${key}, ${by}` })),
      ]);
      this.#opened.set(blob, hits);
    }
  }
}

/** A plaintext with the blobs that are inside; what is not ours is noise of the wrong key. */
function read({ key, plaintext }: Opened, depth: number) {
  const text = plaintext.toString('utf8');
  const isOurs = depth < 2 && /^[{["]/.test(text) && !text.includes('\uFFFD');
  return { key, text, inside: isOurs ? findBlobs(text) : [] };
}

interface Hit {
  readonly cell: string;
  readonly by: string;
}

/** Throws for what would be taken for noise behind a key. */
function searchForValues(values: ReadonlyArray<string>): (text: string) => boolean {
  const clear = values.flatMap(clearForms);
  const base64 = values.flatMap(encodedForms);
  for (const form of [...clear, ...base64]) {
    if (!IN_TEXT.test(form)) throw new Error(`"${form}" is no marker that can be sought`);
  }
  return searchFor({ clear, base64 });
}

/** As it is, in hexadecimal, percent-encoded and in UTF-16: all in small letters. */
function clearForms(value: string): ReadonlyArray<string> {
  const lower = value.toLowerCase();
  const hex = Buffer.from(value).toString('hex');
  return [
    ...[lower, encodeURIComponent(value).toLowerCase(), hex, hex.replace(/../g, '%$&')],
    [...lower].join('\0'),
    [...lower].map((letter) => `\\u00${hexOf(letter)}`).join(''),
  ];
}

/** In base64 wherever it begins. */
function encodedForms(value: string): ReadonlyArray<string> {
  const spellings = [value, value.toLowerCase(), value.toUpperCase()];
  const bytes = spellings.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  return [...new Set(bytes.flatMap(base64Forms))];
}

function hexOf(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0');
}
