/**
 * What a deployment processes personal data for, and by whom: CDK context `privacy`, validated at
 * synthesis, beside the bundle of each function that reads it (`PRIVACY_POLICY_FILE`).
 */

/** GDPR Art. 6(1). Only `consent` is ever asked for; one may object to `legitimate-interests` (Art. 21). */
export type LawfulBasis =
  | 'consent'
  | 'contract'
  | 'legal-obligation'
  | 'vital-interests'
  | 'public-task'
  | 'legitimate-interests';

/** One wording of a purpose; the last one of a purpose is in force. */
export interface PurposeVersion {
  /** Operators' own, such as `2026-11`; never used again for other words. */
  readonly version: string;
  /** By BCP 47 language tag (`en`, `de`); the default language's is always there. */
  readonly texts: Readonly<
    Record<string, { readonly title: string; readonly description: string }>
  >;
  /** Whether those who agreed to earlier words are asked again; true unless said otherwise. */
  readonly needsNewConsent: boolean;
}

export interface Purpose {
  /** `product-news`: 2 to 40 of `a-z0-9-`. */
  readonly id: string;
  readonly basis: LawfulBasis;
  readonly versions: readonly [PurposeVersion, ...ReadonlyArray<PurposeVersion>];
  /** ISO 8601 duration that data is kept for this purpose: `P2Y`. */
  readonly retention: string;
  /** Ids of `processors`. */
  readonly processors: ReadonlyArray<string>;
  /** Kinds of personal data, as people call them. */
  readonly dataCategories: ReadonlyArray<string>;
  /** Consent of somebody younger than their country's age needs a parent (GDPR Art. 8). */
  readonly isForAdults: boolean;
  /** "Do not sell or share" (CPRA §1798.120) and Global Privacy Control end it. */
  readonly isSaleOrShare: boolean;
  /** Asked for on the sign-up form too. */
  readonly isAskedAtSignUp: boolean;
}

/** A recipient who is told of erasures and exports, and acknowledges them. */
export interface Processor {
  readonly id: string;
  readonly name: string;
  /** Where it works, for people to read. */
  readonly country: string;
  /** Whether an export waits for what it holds on the person. */
  readonly answersExports: boolean;
}

/** A topic of communication, chosen per channel. */
export interface Topic {
  readonly id: string;
  readonly titles: Readonly<Record<string, string>>;
}

export interface PrivacyPolicy {
  /** Controller as receipts name it (ISO/IEC TS 27560). */
  readonly controller: {
    readonly name: string;
    readonly contact: string;
    readonly country: string;
  };
  readonly purposes: ReadonlyArray<Purpose>;
  readonly processors: ReadonlyArray<Processor>;
  readonly topics: ReadonlyArray<Topic>;
  /** Age of digital consent by ISO 3166-1 country; `default` for all others (GDPR Art. 8(1)). */
  readonly consentAges: Readonly<Record<string, number>>;
  /** What happens at erasure to records that a law may require: gone, or kept without the person. */
  readonly atErasure: { readonly consentHistory: 'delete' | 'anonymise' };
}
