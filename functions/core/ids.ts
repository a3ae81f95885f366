/** Pairs a string with its meaning, so that one id cannot be passed for another. */
type Branded<Name extends string> = string & { readonly __brand: Name };

/** Random, never encodes the cell: a person can move home and keep it (OIDC Core §2, `sub`). */
export type Sub = Branded<'Sub'>;
export type ClientId = Branded<'ClientId'>;
export type SessionId = Branded<'SessionId'>;
/** One authorization: the code, then the family of refresh tokens that grew from it. */
export type GrantId = Branded<'GrantId'>;
/** 128 random bits that open what the challenge holds: stored and logged nowhere. */
export type ChallengeId = Branded<'ChallengeId'>;
/** One mail of a challenge: the link of an earlier one stops working. */
export type MailId = Branded<'MailId'>;
/**
 * `<pepper version>.<HMAC-SHA-256(pepper, kind ":" normalised identifier), base64url>`.
 * Pseudonymous personal data.
 */
export type IdentifierHash = Branded<'IdentifierHash'>;
/** One identifier under every pepper of the keyring: claims use the current, look-ups try all. */
export interface HashedIdentifier {
  readonly current: IdentifierHash;
  /** Newest first; empty until the pepper is rotated. */
  readonly earlier: ReadonlyArray<IdentifierHash>;
}
/** Public half of a person's own key pair (X25519, base64url): seals what only their data key opens. */
export type LabelKey = Branded<'LabelKey'>;
/** `SHA-256` of a presented secret, base64url. What is stored instead of the secret. */
export type SecretHash = Branded<'SecretHash'>;

const ID_PATTERN = /^[A-Za-z0-9_-]{1,128}$/;

/** True for what may stand in a key or a URL path without escaping. */
export function isId(value: string): boolean {
  return ID_PATTERN.test(value);
}
