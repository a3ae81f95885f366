import type { EpochSeconds } from '../time.ts';
import type { PrivacyRequestId } from './privacy-requests.ts';
import type { AnsweredBy } from './processor-answers.ts';

/** How a recipient of the person's data stands with one request. */
export interface ToldProcessor {
  readonly processorId: string;
  readonly toldAt: EpochSeconds;
  /** How long it is waited for. */
  readonly until: EpochSeconds;
  /** How often it has been told again. */
  readonly reminders: number;
  readonly acknowledgedAt?: EpochSeconds;
  /** Since when its time is up; it may still acknowledge. */
  readonly overdueAt?: EpochSeconds;
}

/** What a processor sends back (`POST /v1/privacy/acknowledgements`), opened. */
export interface Acknowledged {
  readonly requestId: PrivacyRequestId;
  readonly processorId: string;
  /** Of the workflow that waits; of no use once it waits no longer. */
  readonly taskToken: string;
  /** For the first time. */
  readonly acknowledgedAt: EpochSeconds;
}

/**
 * Processors and what they acknowledge with: a random word of ours, the same in every reminder. The
 * task token of Step Functions never leaves.
 */
export interface Processors {
  /** In the order of their ids. */
  list(requestId: PrivacyRequestId): Promise<ReadonlyArray<ToldProcessor>>;
  /**
   * Before a processor is told, or told again: which word it is to be given, for which task. With
   * `isAcknowledged` nothing has to be said any more: the task is answered at once.
   */
  prepare(
    requestId: PrivacyRequestId,
    processorId: string,
    waiting: {
      readonly taskToken: string;
      readonly now: EpochSeconds;
      /** How long it is waited for, from its first word on; noted once. */
      readonly until: EpochSeconds;
    },
  ): Promise<{
    readonly acknowledgement: string;
    readonly isAcknowledged: boolean;
    /** For the first time. */
    readonly toldAt: EpochSeconds;
  }>;
  /**
   * Notes that a processor has done it, with what it returned, if anything. Undefined for a word
   * that is none of ours. Can be repeated: what was returned first counts.
   */
  acknowledge(
    acknowledgement: string,
    answer: {
      /** Encrypts what it returned; asked once it is known who did. */
      readonly seal?: (by: AnsweredBy) => Promise<Uint8Array | undefined>;
      readonly now: EpochSeconds;
    },
  ): Promise<Acknowledged | undefined>;
  /** What it returned, encrypted (`ProcessorAnswers`); undefined for nothing. */
  findSealed(requestId: PrivacyRequestId, processorId: string): Promise<Uint8Array | undefined>;
  /** True when it is overdue now and has not been before. */
  markOverdue(
    requestId: PrivacyRequestId,
    processorId: string,
    now: EpochSeconds,
  ): Promise<boolean>;
  /** Removes what processors returned, once it is in the export or has expired. Idempotent. */
  forgetData(requestId: PrivacyRequestId): Promise<void>;
}

/** Workflows that wait for somebody outside (Step Functions, callback with a task token). */
export interface WaitingTasks {
  /** It goes on. Nothing happens when it waits no longer, or never did. */
  succeed(taskToken: string): Promise<void>;
}

/** The bus on which an operator's processors listen. Ids alone. */
export interface ProcessorEvents {
  tell(event: {
    readonly kind: 'ErasureRequested' | 'ExportRequested';
    readonly requestId: PrivacyRequestId;
    readonly sub: string;
    readonly processorId: string;
    readonly acknowledgement: string;
  }): Promise<void>;
}
