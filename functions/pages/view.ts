import type { Branding } from '../core/client.ts';
import type { Form, Message } from './form-state.ts';
import type { PrivacyView } from './privacy-views.ts';

/** A purpose that consent is asked for, in its own words and their language. */
export interface OfferedPurpose {
  /** Of the form's field. */
  readonly name: string;
  /** Posted by who agrees: proof of the words. */
  readonly value: string;
  readonly title: string;
  readonly description: string;
  /** BCP 47 tag. */
  readonly language: string;
  /** Only after the person has ticked it. */
  readonly isTicked: boolean;
}

export interface SessionRow {
  readonly sessionId: string;
  readonly userAgent: string | undefined;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly current: boolean;
}

/** How somebody is asked where they will be at home. */
export type RegionQuestion =
  | {
      readonly by: 'country';
      /** ISO 3166-1 alpha-2, in no order. */
      readonly countries: ReadonlyArray<string>;
      /** AWS regions that these lead to. */
      readonly regions: ReadonlyArray<string>;
      /** What is posted by whom no country of the list fits. */
      readonly other: string;
    }
  | {
      readonly by: 'place';
      readonly places: ReadonlyArray<{ readonly cell: string; readonly region: string }>;
      /** Whose usual place is not among them. */
      readonly country?: string;
      /** Back to the countries; absent where none decides anything. */
      readonly changeUrl?: string;
    };

/** Every hosted page. What a page shows is data; how, is its component's business. */
export type View =
  | PrivacyView
  | {
      readonly page: 'sign-in';
      readonly form: Form<'email' | 'password'>;
      readonly signUpUrl?: string;
      readonly recoverUrl: string;
      /** For somebody who is at home in another region; absent where there is one. */
      readonly otherAccountUrl?: string;
    }
  /** Asks for the address alone: its password is asked for where its person is at home. */
  | { readonly page: 'identify'; readonly form: Form<'email'>; readonly signUpUrl?: string }
  | {
      readonly page: 'sign-up';
      /** The terms box posts `terms=accepted`; `values.terms` is that when it was ticked. */
      readonly form: Form<'email' | 'password' | 'terms'>;
      readonly signInUrl: string;
      readonly passwordMinimumLength: number;
      /** Boxes that nobody has to tick. */
      readonly purposes: ReadonlyArray<OfferedPurpose>;
      /** With several regions: which one keeps what is about to be typed, and why. */
      readonly home?: {
        /** AWS region. */
        readonly region: string;
        /** ISO 3166-1 alpha-2. */
        readonly country?: string;
        readonly changeUrl: string;
      };
      /** Without terms there is no box. */
      readonly termsUrl?: string;
      readonly privacyUrl?: string;
    }
  /** Before a sign-up with several regions: posts `country`, or `cell` where places are offered. */
  | {
      readonly page: 'sign-up-region';
      readonly form: Form<'country' | 'cell'>;
      readonly signInUrl: string;
      readonly question: RegionQuestion;
    }
  /** "We sent a code to a…@example.com": confirms an address after sign-up. */
  | {
      readonly page: 'verify';
      readonly form: Form<'code'>;
      readonly resend: Form<never>;
      readonly email: string;
      /** Back to sign-up to mend the address. */
      readonly signUpUrl: string;
    }
  /** Opened from the mail's link. In another browser it asks for the password chosen at sign-up. */
  | {
      readonly page: 'verify-link';
      readonly form: Form<'password'>;
      readonly asksPassword: boolean;
      readonly email: string;
    }
  | { readonly page: 'recover'; readonly form: Form<'email'>; readonly signInUrl: string }
  /** Code and new password in one form; from the mail's link, the new password alone. */
  | {
      readonly page: 'reset';
      readonly form: Form<'code' | 'password'>;
      readonly asksCode: boolean;
      readonly email?: string;
      readonly resend?: Form<never>;
      readonly passwordMinimumLength: number;
      readonly signInUrl: string;
    }
  /** Its two buttons post `decision=allow` or `decision=deny`. */
  | {
      readonly page: 'consent';
      readonly form: Form<never>;
      readonly scopes: ReadonlyArray<string>;
      readonly email: string;
    }
  /** What was agreed to in words that have changed: a yes and a no each, and "later" for all. */
  | {
      readonly page: 'renew-consents';
      readonly form: Form<never>;
      readonly purposes: ReadonlyArray<Omit<OfferedPurpose, 'isTicked'>>;
    }
  /** Somebody whose account is to be deleted; its one button keeps it. */
  | {
      readonly page: 'keep-account';
      readonly form: Form<never>;
      readonly erasesAt: number;
      /** That time is past: a law keeps the account. */
      readonly isHeld: boolean;
      /** Where to go without keeping it. */
      readonly leaveUrl: string;
    }
  | { readonly page: 'account-kept'; readonly signInUrl: string }
  | { readonly page: 'sign-out'; readonly form: Form<never> }
  | { readonly page: 'signed-out'; readonly continueUrl?: string }
  | {
      readonly page: 'account';
      readonly email: string;
      readonly passwordUrl: string;
      readonly privacyUrl: string;
      readonly sessions: ReadonlyArray<SessionRow>;
      /** A button per session posts `session=<sessionId>`, one for all others `session=others`. */
      readonly revoke: Form<never>;
      readonly signOut: Form<never>;
      readonly notice?: Message;
    }
  | {
      readonly page: 'password';
      readonly form: Form<'current' | 'password'>;
      readonly passwordMinimumLength: number;
      readonly accountUrl: string;
      readonly email: string;
    }
  /** OAuth 2.0 Form Post Response Mode: submits itself with script, shows a button without. */
  | { readonly page: 'form-post'; readonly form: Form<never> }
  | {
      readonly page: 'error';
      readonly title: Message;
      readonly text: Message;
      readonly requestId?: string;
      readonly retryUrl?: string;
      /** "Try again" unless it says otherwise. */
      readonly retryLabel?: Message;
      /** RFC 6749 error code and public description, when a client sent something wrong. */
      readonly technical?: string;
    };

/** What every page knows besides its own view. */
export interface PageContext {
  /** BCP 47 tags in order of preference; the first that has messages wins. */
  readonly locales: ReadonlyArray<string>;
  readonly productName: string;
  /** Where this page is found by GET, in another language too; absent where it cannot be. */
  readonly pageUrl?: string;
  /** The client that the person came from, if any. */
  readonly client?: {
    readonly name: string;
    readonly branding: Branding;
    readonly policyUri?: string;
    readonly tosUri?: string;
  };
  /** CSP nonce of this response. */
  readonly nonce: string;
  /** Origins or `scheme:` sources that a form's redirect may lead to, besides 'self'. */
  readonly formActions: ReadonlyArray<string>;
}
