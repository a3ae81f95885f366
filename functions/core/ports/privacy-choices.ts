import type { Acting } from '../audit/act.ts';
import type { CellName } from '../cells.ts';
import type { Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

export type ConsentState =
  | 'granted'
  | 'withdrawn'
  /** To a purpose that rests on legitimate interests or a public task (GDPR Art. 21(1)). */
  | 'objected'
  /** Too young: a parent was asked (GDPR Art. 8). */
  | 'awaiting-parent';

export type ChoiceMethod = 'form' | 'api' | 'gpc' | 'administrator' | 'parent';

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
  readonly method: ChoiceMethod;
  readonly at: EpochSeconds;
  /** Of the history's entry, and of the receipt. */
  readonly eventId: string;
}

/** A choice that is about to be written: the store says when, and names the entry. */
export type NewChoice = Omit<Choice, 'at' | 'eventId'>;

/** "Do not sell or share" (CPRA §1798.120), switched on or off. */
export interface DoNotSellEvent {
  readonly isOn: boolean;
  readonly page: string;
  readonly method: ChoiceMethod;
  readonly at: EpochSeconds;
  readonly eventId: string;
}

/** One line of the history; lines are appended and never changed. */
export type ChoiceEvent =
  | ({ readonly kind: 'choice' } & Choice)
  | ({ readonly kind: 'do-not-sell' } & DoNotSellEvent);

/** How often somebody changed something, in a window that ends at `until`. */
export interface ChangesOfDay {
  readonly count: number;
  readonly until: EpochSeconds;
}

/** All of a person's present choices: one item, `USER#<sub>` / `ACCOUNT#PRIVACY`. */
export interface PrivacyChoices {
  /** By purpose; none for those never answered. */
  readonly choices: ReadonlyMap<string, Choice>;
  /** By topic, then by channel: whether it is wanted. None for those never chosen. */
  readonly topics: ReadonlyMap<string, ChannelChoices>;
  readonly doNotSell?: { readonly at: EpochSeconds; readonly source: 'person' | 'gpc' };
  /** Absent before the first change. */
  readonly changed?: ChangesOfDay;
}

export const CHANNELS = ['email', 'sms', 'push'] as const;
export type Channel = (typeof CHANNELS)[number];
export type ChannelChoices = Readonly<Partial<Record<Channel, boolean>>>;

/** What is to change; whatever it does not name stays. */
export interface PrivacyChange {
  readonly choices?: ReadonlyArray<NewChoice>;
  readonly topics?: ReadonlyMap<string, ChannelChoices>;
  readonly doNotSell?: Omit<DoNotSellEvent, 'at' | 'eventId'>;
}

/** Decides on what stands; undefined when nothing has to change. Called again after a lost race. */
export type DecideChange = (standing: PrivacyChoices) => PrivacyChange | undefined;

/** What an app that is about to process is told of a person. */
export interface CheckedChoices {
  readonly choices: PrivacyChoices;
  /** False while an account is being erased, and of people of whom nothing is known here (any more). */
  readonly isActive: boolean;
  /** Whether there is such an account in this cell. */
  readonly isKnown: boolean;
  /** The cell that the directory names, where there are several. */
  readonly home?: CellName;
}

export interface PrivacyChoicesStore {
  /** One call. Nothing chosen and nobody there look alike. */
  load(sub: Sub): Promise<PrivacyChoices>;
  /** As `load`, with what is known of the account; one call. */
  check(sub: Sub): Promise<CheckedChoices>;
  /**
   * Replaces the present state and appends to the history in one transaction: two calls, three more
   * after each race that was lost. Answers with what stands then; undefined when the account is gone
   * or not active. What `decide` throws passes through.
   */
  change(sub: Sub, decide: DecideChange, acting: Acting): Promise<PrivacyChoices | undefined>;
  /** Newest first. Throws HttpError 400 for a cursor that is none of ours. */
  history(
    sub: Sub,
    cursor?: string,
  ): Promise<{ readonly entries: ReadonlyArray<ChoiceEvent>; readonly cursor?: string }>;
  /** One line of the history. */
  findEvent(sub: Sub, eventId: string): Promise<ChoiceEvent | undefined>;
}
