import type { Acting } from '../audit/act.ts';
import type { AgeFacts } from '../consents/minors.ts';
import type { Sub } from '../ids.ts';

/** Date of birth and country: told once, so that nobody grows up by asking again. */
export interface Ages {
  /** What is known of the person; undefined while it is not, or when they are gone. One call. */
  find(sub: Sub): Promise<AgeFacts | undefined>;
  /**
   * Keeps what is told first, and answers with what is kept then; undefined when the account is gone
   * or not active. Two calls.
   */
  tell(sub: Sub, facts: AgeFacts, acting: Acting): Promise<AgeFacts | undefined>;
}
