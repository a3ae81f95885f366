/** Characters that each kind of field takes: browsers stop there, and forms refuse what exceeds it. */
export const FIELD_LENGTHS = {
  /** RFC 5321 §4.5.3.1 (erratum 1690 to RFC 3696). */
  email: 254,
  /** Above the longest password in any normalisation form: which is too long, the policy says. */
  password: 1024,
  /** Room for a pasted "123 456" with its blanks. */
  code: 16,
} as const;
