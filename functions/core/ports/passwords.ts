/** Slow, peppered password hashing off the event loop. */
export interface Passwords {
  /** A PHC string of a normalised password, with the current cost and pepper. */
  hash(password: string): Promise<string>;
  /**
   * False for a wrong password. Without a stored hash it does the same work and is false, so that
   * an unknown account answers as slowly as a wrong password.
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
  /** True when cost or pepper have changed since the hash was made. */
  isOutdated(stored: string): Promise<boolean>;
  /** Whether a lower-case password is on the list of common ones; loads it when first asked. */
  loadCommonPasswords(): Promise<(candidate: string) => boolean>;
}
