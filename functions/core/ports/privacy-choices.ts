import type { Act } from '../audit/act.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

export type ConsentState =
  | 'granted'
  | 'withdrawn'
  /** To a purpose that rests on legitimate interests (GDPR Art. 21). */
  | 'objected'
  /** Too young: a parent was asked (GDPR Art. 8). */
  | 'awaiting-parent';

/** What somebody chose for one purpose, and what they were shown. */
export interface Choice {
  readonly purposeId: string;
  readonly state: ConsentState;
  /** Of the purpose's words. */
  readonly version: string;
  /** SHA-256 of title, newline and description as shown, base64url. */
  readonly textHash: string;
  /** BCP 47 tag of the words shown. */
  readonly language: string;
  /** Path of the page, or `api`. */
  readonly page: string;
  readonly method: 'form' | 'api' | 'gpc' | 'administrator' | 'parent';
  readonly at: EpochSeconds;
  /** Of the history's entry, and of the receipt. */
  readonly eventId: string;
}

/** All of a person's present choices: one item, `USER#<sub>` / `ACCOUNT#PRIVACY`. */
export interface PrivacyChoices {
  /** By purpose; none for those never answered. */
  readonly choices: ReadonlyMap<string, Choice>;
  /** By topic: whether it is wanted. */
  readonly topics: ReadonlyMap<string, boolean>;
  readonly doNotSell?: { readonly at: EpochSeconds; readonly source: 'person' | 'gpc' };
}

/** Reads are one call; writes are one transaction of the present state and its history. */
export interface PrivacyChoicesStore {
  load(sub: Sub): Promise<PrivacyChoices>;
  /** Appends to the history and replaces the present choice; false when the person is gone. */
  choose(sub: Sub, choices: ReadonlyArray<Choice>, act: Act): Promise<boolean>;
  /** Newest first. */
  history(
    sub: Sub,
    cursor?: string,
  ): Promise<{ readonly entries: ReadonlyArray<Choice>; readonly cursor?: string }>;
}
