import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import { hashSecret, randomBelow, randomToken } from '../adapters/crypto/hash.ts';
import { createErasure } from '../adapters/erasure.ts';
import { createErasureProof } from '../adapters/erasure-proof.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { createErasureRuns } from '../adapters/states/erasure-runs.ts';
import { ERASURE_STEPS } from '../core/erasure/steps.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { toEpochSeconds } from '../core/time.ts';
import {
  ENVIRONMENT,
  PRIVACY_POLICY_FILE,
  requireInteger,
  requireText,
  TUNABLES,
} from '../environment.ts';
import { readCells } from '../topology.ts';
import { remind, tell } from './processors.ts';
import { replay } from './replay.ts';
import { replayDirectory } from './replay-directory.ts';
import type { ErasureDeps } from './state.ts';
import { STATES } from './states.ts';

const logger = new Logger({ serviceName: 'erasure' });
const { own } = readCells();
const primaryRegion = requireText(ENVIRONMENT.primaryRegion);
const policy = readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE));
const places = {
  cell: own.name,
  directoryTable: requireText(ENVIRONMENT.directoryTable),
  dataTable: requireText(ENVIRONMENT.dataTable),
  keyTable: requireText(ENVIRONMENT.keyTable),
  recordsTable: requireText(ENVIRONMENT.recordsTable),
};
const { connections, ports } = createErasure({
  places: {
    ...places,
    exportBucket: requireText(ENVIRONMENT.exportBucket),
    remotePrimary: primaryRegion === own.region ? undefined : primaryRegion,
  },
  concurrency: requireInteger(TUNABLES.privacyRequestConcurrency),
  consentHistory: policy.atErasure.consentHistory,
});
const deps: ErasureDeps = {
  ...ports,
  runs: createErasureRuns(requireText(ENVIRONMENT.erasureMachineArn)),
  proof: {
    ...createErasureProof({
      ...connections,
      places,
      bus: requireText(ENVIRONMENT.privacyBus),
      fromAddress: requireText(TUNABLES.fromAddress),
    }),
    settings: {
      processors: policy.processors,
      places: { ...places, region: own.region, issuer: requireText(ENVIRONMENT.issuer) },
      productName: requireText(TUNABLES.productName),
      defaultLanguage: requireText(TUNABLES.defaultLanguage),
      processorDeadlineDays: requireInteger(TUNABLES.processorDeadlineDays),
      processorReminderHours: requireInteger(TUNABLES.processorReminderHours),
    },
  },
  quarantineDays: requireInteger(TUNABLES.identifierQuarantineDays),
  drawOf: (requestId) => Buffer.from(hashSecret(requestId), 'base64url').readUInt32BE(0),
  randomBelow,
  randomToken,
};

const Position = z.object({
  month: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
  after: z.optional(z.string()),
  part: z.optional(z.int()),
  entries: z.int(),
  items: z.int(),
  keys: z.int(),
});

const RequestId = z.string().check(z.minLength(1), z.maxLength(80));

const Input = z.discriminatedUnion('step', [
  z.object({
    step: z.enum(ERASURE_STEPS),
    requestId: RequestId,
    execution: z.string(),
    startedAt: z.iso.datetime(),
  }),
  z.object({ step: z.literal('remind'), requestId: RequestId, processorId: z.string() }),
  z.object({
    step: z.literal('tell-processor'),
    requestId: RequestId,
    processorId: z.string(),
    taskToken: z.string(),
  }),
  z.object({
    step: z.literal('replay'),
    table: z.optional(z.string()),
    keysTable: z.optional(z.string()),
    directoryTable: z.optional(z.string()),
    since: z.optional(z.string()),
    position: z.optional(Position),
  }),
]);

/** States of `domicile-erasure` and `domicile-erasure-replay`. Throws what an execution should show. */
export async function handler(event: unknown): Promise<unknown> {
  const input = Input.parse(event);
  const now = toEpochSeconds(Date.now());
  if (input.step === 'replay') {
    const { directoryTable } = input;
    const output =
      directoryTable === undefined
        ? await replay(deps, input, now)
        : await replayDirectory(deps, { ...input, directoryTable }, now);
    logger.info('erasures replayed', { ...output });
    return output;
  }
  if (input.step === 'tell-processor') return tell(deps, input, now);
  if (input.step === 'remind') return remind(deps, input, now);
  const { step, execution } = input;
  const requestId = input.requestId as PrivacyRequestId;
  const startedAt = toEpochSeconds(Date.parse(input.startedAt));
  const output = await STATES[step](deps, { requestId, execution, startedAt }, now);
  logger.info('erasure step', { step, requestId, ...output });
  return output;
}
