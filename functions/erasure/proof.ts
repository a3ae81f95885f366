import { derivedId } from '../adapters/crypto/hash.ts';
import type { Act, ActKind } from '../core/audit/act.ts';
import type { ErasurePlaces } from '../core/certificates/claims.ts';
import type { Certificates } from '../core/ports/certificates.ts';
import type { EvidenceSigner } from '../core/ports/evidence-signer.ts';
import type { Mailer } from '../core/ports/mailer.ts';
import type { PrivacyRequest } from '../core/ports/privacy-requests.ts';
import type { ProcessorEvents, Processors, WaitingTasks } from '../core/ports/processors.ts';
import type { Processor } from '../core/privacy-policy.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { CountedEvent } from '../environment.ts';

/** What tells of an erasure: to processors, in a certificate, to the person. */
export interface Proof {
  readonly processors: Processors;
  readonly events: ProcessorEvents;
  readonly tasks: WaitingTasks;
  readonly certificates: Certificates;
  readonly evidence: EvidenceSigner;
  readonly mailer: Mailer;
  readonly recordAct: (act: Act) => Promise<void>;
  readonly count: (event: CountedEvent) => void;
  readonly settings: {
    readonly processors: ReadonlyArray<Processor>;
    readonly places: ErasurePlaces;
    readonly productName: string;
    /** BCP 47 tag. */
    readonly defaultLanguage: string;
    readonly processorDeadlineDays: number;
    readonly processorReminderHours: number;
  };
}

/**
 * An act of the workflow, on one processor perhaps. Its id follows from what it tells of: repeated, it
 * is the same act of the same moment, and the audit trail has it once.
 */
export function actOfErasure(
  { requestId, sub }: PrivacyRequest,
  kind: ActKind,
  at: EpochSeconds,
  processorId?: string,
): Act {
  const about = processorId === undefined ? [] : [processorId];
  return {
    ...{ id: derivedId(requestId, kind, ...about), kind, sub, object: requestId, at },
    actor: { type: 'system', name: 'erasure' },
    ...(processorId !== undefined && { reason: processorId }),
  };
}
