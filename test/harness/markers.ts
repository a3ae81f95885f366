import { randomInt } from 'node:crypto';
import type { SecretKey } from './markers-keys.ts';
import { findBlobs, openedBy } from './markers-opening.ts';

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
  readonly #markers: ReadonlyArray<{ readonly cell: string; readonly forms: ReadonlyArray<Form> }>;
  readonly #keys: ReadonlyArray<SecretKey>;
  /** The same blob lies in tables, streams and requests: what it holds is asked once. */
  readonly #opened = new Map<string, ReadonlyArray<Hit>>();

  constructor(markers: ReadonlyArray<Marker>, keys: ReadonlyArray<SecretKey>) {
    this.#markers = markers.map(({ cell, values }) => ({ cell, forms: values.flatMap(formsOf) }));
    this.#keys = keys;
  }

  /** Each cell, store and way of finding once. */
  findAll(texts: Iterable<StoredText>): ReadonlyArray<Finding> {
    const findings = new Map<string, Finding>();
    for (const { region, store, text } of texts) {
      for (const { cell, by } of this.#find(text, 0)) {
        findings.set([region, store, cell, by].join(), { cell, region, store, by });
      }
    }
    return [...findings.values()];
  }

  #find(text: string, depth: number): ReadonlyArray<Hit> {
    const clear = this.#findClear(text).map((cell) => ({ cell, by: 'clear' }));
    const behindKeys = findBlobs(text).flatMap((blob) => this.#findBehindKeys(blob, depth));
    return [...clear, ...behindKeys];
  }

  #findClear(text: string): ReadonlyArray<string> {
    const views: Views = { lower: text.toLowerCase(), base64: toStandardBase64(text) };
    return this.#markers
      .filter(({ forms }) => forms.some(({ view, form }) => views[view].includes(form)))
      .map(({ cell }) => cell);
  }

  #findBehindKeys(blob: string, depth: number): ReadonlyArray<Hit> {
    const known = this.#opened.get(blob);
    if (known !== undefined) return known;
    const hits = openedBy(this.#keys, blob).flatMap(({ key, plaintext }) => [
      ...this.#findClear(plaintext.toString('utf8')).map((cell) => ({ cell, by: key })),
      ...this.#findInside(plaintext, depth).map(({ cell, by }) => ({ cell, by: `${key}, ${by}` })),
    ]);
    this.#opened.set(blob, hits);
    return hits;
  }

  /** What was sealed may hold what was sealed before; the rest is noise of the wrong key. */
  #findInside(plaintext: Buffer, depth: number): ReadonlyArray<Hit> {
    const text = plaintext.toString('utf8');
    const isOurs = depth < 2 && /^[{["]/.test(text) && !text.includes('\uFFFD');
    return isOurs ? this.#find(text, depth + 1).filter(({ by }) => by !== 'clear') : [];
  }
}

interface Hit {
  readonly cell: string;
  readonly by: string;
}

interface Views {
  readonly lower: string;
  readonly base64: string;
}

interface Form {
  readonly view: keyof Views;
  readonly form: string;
}

/** Clear, in hexadecimal, percent-encoded, in UTF-16, and in base64 wherever it begins. */
function formsOf(value: string): ReadonlyArray<Form> {
  const spellings = [value, value.toLowerCase(), value.toUpperCase()];
  const hex = Buffer.from(value).toString('hex');
  const lower = [
    value.toLowerCase(),
    encodeURIComponent(value).toLowerCase(),
    hex,
    hex.replace(/../g, '%$&'),
    [...value.toLowerCase()].join('\0'),
    [...value.toLowerCase()].map((letter) => `\\u00${hexOf(letter)}`).join(''),
  ];
  const bytes = spellings.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  return [
    ...lower.map((form) => ({ view: 'lower' as const, form })),
    ...[...new Set(bytes.flatMap(base64Forms))].map((form) => ({ view: 'base64' as const, form })),
  ];
}

function hexOf(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0');
}

/** The first and the last character also hold bits of what stands beside. */
function base64Forms(bytes: Buffer): ReadonlyArray<string> {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const touched = (offset + bytes.length) % 3 === 0 ? 0 : 1;
    const body = encoded.replace(/=+$/, '');
    return body.slice([0, 2, 3][offset], body.length - touched);
  });
}

function toStandardBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}
