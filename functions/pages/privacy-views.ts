import type { ActKind } from '../core/audit/act.ts';
import type { WishedState } from '../core/consents/choosing.ts';
import type { PurposeState } from '../core/consents/standing.ts';
import type { Channel, ChoiceMethod, ConsentState } from '../core/ports/privacy-choices.ts';
import type { PrivacyRequestState } from '../core/ports/privacy-requests.ts';
import type { LawfulBasis } from '../core/privacy-policy.ts';
import type { Form, Message } from './form-state.ts';

/** A purpose, and where somebody stands with it. */
export interface PurposeRow {
  readonly purposeId: string;
  readonly title: string;
  readonly description: string;
  /** BCP 47 tag of both. */
  readonly language: string;
  readonly basis: LawfulBasis;
  readonly state: PurposeState;
  readonly since?: number;
  /** "Do not sell or share" keeps it from being pursued. */
  readonly isStopped: boolean;
  readonly dataCategories: ReadonlyArray<string>;
  readonly recipients: ReadonlyArray<{ readonly name: string; readonly country: string }>;
  /** ISO 8601 duration. */
  readonly retention: string;
  /** What may be said of it now; each is a button that posts `answer=<state> <purposeId>`. */
  readonly answers: ReadonlyArray<WishedState>;
  /** Posted as `shown-<purposeId>`: proof of the words. */
  readonly proof: string;
}

export interface TopicRow {
  readonly topicId: string;
  readonly title: string;
  /** BCP 47 tag. */
  readonly language: string;
  readonly channels: ReadonlyArray<{ readonly channel: Channel; readonly isWanted: boolean }>;
}

/** What one app may do in the person's name. */
export interface AppRow {
  readonly clientId: string;
  readonly name: string;
  readonly scopes: ReadonlyArray<string>;
  readonly allowedAt?: number;
  /** It has tokens right now. */
  readonly isOpen: boolean;
}

/** Parts of the page that something can have happened in. */
export type PrivacySection = 'purposes' | 'topics' | 'do-not-sell' | 'apps';

/** One line of what was ever chosen. */
export type ChoiceRow =
  | {
      readonly kind: 'choice';
      readonly title: string;
      /** BCP 47 tag. */
      readonly language: string;
      readonly state: ConsentState;
      readonly method: ChoiceMethod;
      readonly at: number;
      readonly receiptUrl: string;
    }
  | {
      readonly kind: 'do-not-sell';
      readonly isOn: boolean;
      readonly method: ChoiceMethod;
      readonly at: number;
    };

/** One line of what happened besides. */
export interface ActRow {
  readonly kind: 'act';
  readonly act: ActKind;
  /** Which of the preferences was changed. */
  readonly about?: 'topics' | 'birthdate';
  /** Of the app, or of the service, that it is about. */
  readonly name?: string;
  /** Absent when it was the person, or goes without saying. */
  readonly by?: 'app' | 'staff' | 'system' | 'stranger';
  /** By which the person acted. */
  readonly inApp?: string;
  /** Of the person: `198.51.100.0/24`. */
  readonly network?: string;
  readonly at: number;
}

export type HistoryRow = ChoiceRow | ActRow;

export interface RequestRow {
  readonly kind: 'export' | 'erasure';
  readonly state: PrivacyRequestState;
  readonly requestedAt: number;
  readonly stateSince: number;
  /** Asked for on the person's behalf. */
  readonly isByAdministrator: boolean;
}

/** How far a copy of somebody's data is that is under way. */
export type CopyProgress =
  | { readonly state: 'collecting'; readonly collected: number }
  /** For the answers of so many services. */
  | { readonly state: 'waiting'; readonly services: number; readonly until: number }
  | { readonly state: 'writing' };

/** How the newest copy of somebody's data stands; undefined when there is none to tell of. */
export type CopyState =
  | CopyProgress
  | { readonly state: 'ready'; readonly url: string; readonly expiresAt: number };

/** One file of an export. */
export interface ExportFile {
  readonly kind: 'html' | 'json';
  readonly url: string;
  readonly bytes: number;
}

/** The copy that a page was opened for. */
export type ExportedCopy =
  | CopyProgress
  | {
      readonly state: 'ready';
      readonly files: ReadonlyArray<ExportFile>;
      readonly expiresAt: number;
    }
  | { readonly state: 'expired' };

/** The portal's pages about privacy. */
export type PrivacyView =
  | {
      readonly page: 'privacy';
      readonly purposes: ReadonlyArray<PurposeRow>;
      readonly choose: Form<never>;
      readonly topics: ReadonlyArray<TopicRow>;
      /** Boxes post `topic.<topicId>.<channel>=on`. */
      readonly preferences: Form<never>;
      /** Absent where nothing is sold or shared. Posts `on=yes` or `on=no`. */
      readonly doNotSell?: {
        readonly form: Form<never>;
        readonly isOn: boolean;
        readonly since?: number;
        /** The browser asks for it with every request. */
        readonly isSignalled: boolean;
      };
      readonly apps: ReadonlyArray<AppRow>;
      /** A button per app posts `app=<clientId>`. */
      readonly removeApp: Form<never>;
      readonly copy?: CopyState;
      readonly copyUrl: string;
      readonly historyUrl: string;
      readonly deleteUrl: string;
      readonly accountUrl: string;
      /** What was done, where. */
      readonly notice?: { readonly section: PrivacySection; readonly message: Message };
      /** What could not be done, where. */
      readonly alert?: { readonly section: PrivacySection; readonly message: Message };
    }
  /** Asked once, before consent that takes a certain age. */
  | {
      readonly page: 'privacy-age';
      readonly form: Form<'birthdate' | 'country'>;
      readonly purpose: Pick<PurposeRow, 'title' | 'language'>;
      /** ISO 3166-1 alpha-2. */
      readonly countries: ReadonlyArray<string>;
      readonly backUrl: string;
    }
  | {
      readonly page: 'privacy-history';
      readonly shows: 'everything' | 'choices';
      /** Where each of them is shown. */
      readonly urls: Readonly<Record<'everything' | 'choices', string>>;
      /** On the first page alone. */
      readonly requests: ReadonlyArray<RequestRow>;
      readonly entries: ReadonlyArray<HistoryRow>;
      readonly isFirst: boolean;
      readonly moreUrl?: string;
      readonly passwordUrl: string;
      readonly backUrl: string;
    }
  | {
      readonly page: 'privacy-receipt';
      readonly entry: Extract<ChoiceRow, { kind: 'choice' }>;
      readonly version: string;
      /** Path of the page, or `api`. */
      readonly shownOn: string;
      /** Absent when the policy has these words no longer. */
      readonly words?: { readonly title: string; readonly description: string };
      readonly textHash: string;
      readonly controller: string;
      readonly eventId: string;
      readonly fileUrl: string;
      readonly backUrl: string;
    }
  | {
      readonly page: 'privacy-export';
      /** Its box posts `credentials=included`. */
      readonly form: Form<never>;
      readonly copy?: CopyState;
      readonly reloadUrl: string;
      readonly backUrl: string;
    }
  /** The person's own data: to be downloaded, or how far it is. */
  | {
      readonly page: 'export';
      readonly copy: ExportedCopy;
      readonly reloadUrl: string;
      readonly accountUrl: string;
    }
  | {
      readonly page: 'privacy-delete';
      readonly form: Form<'password'>;
      readonly asksPassword: boolean;
      readonly email: string;
      readonly erasesAt: number;
      /** False: it begins at once. */
      readonly hasGrace: boolean;
      readonly isHeld: boolean;
      /** Consents are kept without the person. */
      readonly keepsConsents: boolean;
      /** Who is told to delete as well. */
      readonly processors: ReadonlyArray<string>;
      readonly copyUrl: string;
      readonly backUrl: string;
    }
  /** After it: signed out everywhere. */
  | {
      readonly page: 'account-leaving';
      readonly erasesAt: number;
      readonly hasGrace: boolean;
      readonly isHeld: boolean;
    };
