const ONE_TIME_CODE_DIGITS = 6;

/**
 * Wrong codes that may be tried for one address in a day, over all challenges. A stranger who asks for
 * ever new codes thus guesses one in 33,000 times a day; the links in the mails go on working.
 */
export const CODES_PER_ADDRESS = { limit: 30, windowSeconds: 86_400 } as const;

/** How many codes there are. */
export const ONE_TIME_CODE_VALUES = 10 ** ONE_TIME_CODE_DIGITS;

/** A number below 10^6 as the six digits that people type. */
export function formatOneTimeCode(number: number): string {
  return String(number).padStart(ONE_TIME_CODE_DIGITS, '0');
}

/**
 * The digits of a code as typed or pasted: spaces and hyphens are forgiven, and so are the
 * full-width digits of some keyboards (NFKC). Undefined when these are not six digits.
 */
export function normaliseOneTimeCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined;
  const digits = typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '');
  return /^[0-9]{6}$/.test(digits) ? digits : undefined;
}
