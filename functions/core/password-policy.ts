/** Bounds the work of hashing; far above the 64 that NIST SP 800-63B-4 §3.1.1.2 asks for. */
const PASSWORD_MAXIMUM_LENGTH = 256;

/** What may be left of a password once the person's address or our name is taken out of it. */
const LEAST_OWN_CHARACTERS = 4;
const LEAST_DISTINCT_CHARACTERS = 4;

export type PasswordRefusal =
  | { readonly reason: 'too-short'; readonly minimum: number }
  | { readonly reason: 'too-long'; readonly maximum: number }
  | { readonly reason: 'common' }
  | { readonly reason: 'contains-address' };

interface PasswordContext {
  readonly minimumLength: number;
  /** Words that others know to belong here: the address, the product's name. */
  readonly knownWords: ReadonlyArray<string>;
  /** True for passwords on the list of common ones; asked in lower case. */
  readonly isCommon: (candidate: string) => boolean;
}

/** NFKC, so that one password typed on two keyboards is one (NIST SP 800-63B-4 §3.1.1.2). */
export function normalisePassword(typed: string): string {
  return typed.normalize('NFKC');
}

/**
 * Why a normalised password is refused; undefined when it is fine. Lengths are in code points.
 * There are no composition rules: they make passwords worse (NIST SP 800-63B-4 §3.1.1.2).
 */
export function findPasswordRefusal(
  password: string,
  context: PasswordContext,
): PasswordRefusal | undefined {
  const length = [...password].length;
  if (length < context.minimumLength) {
    return { reason: 'too-short', minimum: context.minimumLength };
  }
  if (length > PASSWORD_MAXIMUM_LENGTH) {
    return { reason: 'too-long', maximum: PASSWORD_MAXIMUM_LENGTH };
  }
  const folded = password.toLowerCase();
  if (new Set(folded).size < LEAST_DISTINCT_CHARACTERS || context.isCommon(folded)) {
    return { reason: 'common' };
  }
  if (consistsOfKnownWords(folded, context.knownWords)) return { reason: 'contains-address' };
  return undefined;
}

/** The parts of an address that a guesser would try first. */
export function wordsOfAddress(address: string): ReadonlyArray<string> {
  const [localPart = '', domain = ''] = address.split('@');
  return [address, localPart, domain, domain.split('.')[0] ?? ''];
}

function consistsOfKnownWords(folded: string, words: ReadonlyArray<string>): boolean {
  return words
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 3)
    .some((word) => {
      const rest = folded.replaceAll(word, '');
      return rest !== folded && [...rest].length < LEAST_OWN_CHARACTERS;
    });
}
