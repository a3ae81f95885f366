import type { Sub } from '../ids.ts';
import type { PrivacyRequestId } from './privacy-requests.ts';

/** To what, and whose it is. */
export interface AnsweredBy {
  readonly requestId: PrivacyRequestId;
  readonly processorId: string;
}

/**
 * What a processor returned of a person. The table that it waits in outlives the person, and its
 * backups longer: it is encrypted under their own key, so that it ends with them.
 */
export interface ProcessorAnswers {
  /** Undefined where there is nothing to keep it for: no export, or nobody any more. */
  seal(by: AnsweredBy, data: unknown): Promise<Uint8Array | undefined>;
  open(sub: Sub, by: AnsweredBy, sealed: Uint8Array): Promise<unknown>;
}
