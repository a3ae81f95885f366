import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Sealer } from '../core/ports/sealer.ts';
import { createActLog } from './dynamodb/act-log.ts';
import { createCertificates } from './dynamodb/certificates.ts';
import { createEvidenceKeys } from './dynamodb/evidence-keys.ts';
import { createProcessors } from './dynamodb/processors.ts';
import { createProcessorEvents } from './events/processor-events.ts';
import { createKms } from './kms/client.ts';
import { createEvidenceSigner } from './kms/evidence-signer.ts';
import { createMailer, createSes } from './ses/mailer.ts';
import { createWaitingTasks } from './states/waiting-tasks.ts';
import { createTaskCounts } from './task-counts.ts';

interface ProofOptions {
  readonly dynamo: DynamoDBClient;
  readonly sealer: Sealer;
  readonly places: {
    readonly cell: string;
    readonly directoryTable: string;
    readonly dataTable: string;
    readonly recordsTable: string;
  };
  readonly bus: string;
  readonly fromAddress: string;
}

/** What tells of an erasure, once per container. */
export function createErasureProof({ dynamo, sealer, places, bus, fromAddress }: ProofOptions) {
  const tables = { dynamo, ...places };
  return {
    processors: createProcessors({ ...tables, sealer }),
    events: createProcessorEvents(bus),
    tasks: createWaitingTasks(),
    certificates: createCertificates(tables),
    evidence: createEvidenceSigner({ kms: createKms(), evidenceKeys: createEvidenceKeys(tables) }),
    mailer: createMailer(createSes(), fromAddress),
    recordAct: createActLog(tables),
    count: createTaskCounts('erasure'),
  };
}
