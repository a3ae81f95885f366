import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import { sha256 } from '../adapters/crypto/hash.ts';
import { createAuditHours } from '../adapters/dynamodb/audit-hours.ts';
import { createAuditTrail } from '../adapters/dynamodb/audit-trail.ts';
import { createEvidenceKeys } from '../adapters/dynamodb/evidence-keys.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createEvidenceSigner } from '../adapters/kms/evidence-signer.ts';
import { createArchiveFile } from '../adapters/s3/audit-archive.ts';
import { createS3 } from '../adapters/s3/client.ts';
import { toEpochSeconds } from '../core/time.ts';
import { ENVIRONMENT, findText, requireInteger, requireText, TUNABLES } from '../environment.ts';
import { answerQuery, type QueryAnswer } from './queries.ts';
import { type AuditOutput, archiveNext, type SealingDeps, sealNext } from './steps.ts';

const logger = new Logger({ serviceName: 'audit' });
const dynamo = createDynamo();
const table = { dynamo, recordsTable: requireText(ENVIRONMENT.recordsTable) };
const evidenceKeys = createEvidenceKeys({
  dynamo,
  directoryTable: requireText(ENVIRONMENT.directoryTable),
});
const own = { issuer: requireText(ENVIRONMENT.issuer), cell: requireText(ENVIRONMENT.cell) };
const hours = createAuditHours(table);
const trail = createAuditTrail({ ...table, now: () => toEpochSeconds(Date.now()) });
const bucket = findText(ENVIRONMENT.archiveBucket);

const sealing: SealingDeps = {
  ...own,
  hours,
  signer: createEvidenceSigner({ kms: createKms(), evidenceKeys }),
  sha256,
  retentionDays: requireInteger(TUNABLES.auditRetentionDays),
  ...(bucket !== undefined && { createFile: createFileIn(bucket) }),
  note: (what, details) => logger.info(what, details),
};

function createFileIn(name: string): NonNullable<SealingDeps['createFile']> {
  const s3 = createS3();
  return (hour) => createArchiveFile({ s3, bucket: name }, hour);
}

const STEPS = { seal: sealNext, archive: archiveNext } as const;
const Step = z.object({ step: z.enum(['seal', 'archive']) });

/**
 * One state of `domicile-audit`, or an operator's question. Throws what an execution should show.
 */
export async function handler(event: unknown): Promise<AuditOutput | QueryAnswer> {
  const now = toEpochSeconds(Date.now());
  const step = Step.safeParse(event);
  if (step.success) return STEPS[step.data.step](sealing, now);
  const evidenceJwks = () => evidenceKeys.jwks();
  return answerQuery({ ...own, hours, trail, evidenceJwks }, event, now);
}
