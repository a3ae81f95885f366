import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import { randomBelow } from '../adapters/crypto/hash.ts';
import { createKeyrings } from '../adapters/crypto/keyring-loader.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { actOf } from '../adapters/dynamodb/acts.ts';
import { createAuditTrail } from '../adapters/dynamodb/audit-trail.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createDirectory } from '../adapters/dynamodb/directory.ts';
import { createAnswersReader } from '../adapters/dynamodb/export-answers.ts';
import { createCollectionReader } from '../adapters/dynamodb/export-collection.ts';
import {
  createActivityReader,
  createDirectoryReader,
  createRequestsReader,
} from '../adapters/dynamodb/export-elsewhere.ts';
import { createExportRuns } from '../adapters/dynamodb/exports.ts';
import { createPrivacyRequests } from '../adapters/dynamodb/privacy-requests.ts';
import { createProcessorAnswers } from '../adapters/dynamodb/processor-answers.ts';
import { createProcessors } from '../adapters/dynamodb/processors.ts';
import { createProfiles } from '../adapters/dynamodb/profiles.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createSlots } from '../adapters/dynamodb/slots.ts';
import { createProcessorEvents } from '../adapters/events/processor-events.ts';
import { createKms } from '../adapters/kms/client.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { createS3 } from '../adapters/s3/client.ts';
import { createExportFiles } from '../adapters/s3/export-files.ts';
import { createMailer, createSes } from '../adapters/ses/mailer.ts';
import { createWaitingTasks } from '../adapters/states/waiting-tasks.ts';
import { createTaskCounts } from '../adapters/task-counts.ts';
import { pagesUrlOf } from '../browser/cell-hosts.ts';
import { EXPORT_STEPS, type ExportOutput } from '../core/exports/steps.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import {
  ENVIRONMENT,
  PRIVACY_POLICY_FILE,
  requireInteger,
  requireText,
  TUNABLES,
} from '../environment.ts';
import { readCells } from '../topology.ts';
import { ask, remind } from './processors.ts';
import type { ExportDeps } from './state.ts';
import { STATES } from './states.ts';

/** Who acts where nobody did. */
const EXPORT_SYSTEM = 'domicile-export';

const logger = new Logger({ serviceName: 'export' });
const cells = readCells();
const issuer = requireText(ENVIRONMENT.issuer);
const tables = {
  dynamo: createDynamo(),
  directoryTable: requireText(ENVIRONMENT.directoryTable),
  dataTable: requireText(ENVIRONMENT.dataTable),
  keyTable: requireText(ENVIRONMENT.keyTable),
  recordsTable: requireText(ENVIRONMENT.recordsTable),
};
const keyrings = createKeyrings({ ...tables, kms: createKms(), cell: cells.own.name });
const profiles = createProfiles({ ...tables, loadKeyring: keyrings.loadCell });
const requests = createPrivacyRequests(tables);

const sealer = createSealer(keyrings);
const processors = createProcessors({ ...tables, sealer, cell: cells.own.name });
const policy = readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE));

const deps: ExportDeps = {
  runs: createExportRuns({ ...tables, requests }),
  files: createExportFiles({ s3: createS3(), bucket: requireText(ENVIRONMENT.exportBucket) }),
  slots: createSlots({
    ...tables,
    machine: 'export',
    count: requireInteger(TUNABLES.privacyRequestConcurrency),
  }),
  readers: {
    collection: createCollectionReader({
      ...tables,
      loadKeyring: keyrings.loadCell,
      clients: createClients(tables),
    }),
    directory: createDirectoryReader({
      ...tables,
      profiles,
      directory: createDirectory({
        ...tables,
        cell: cells.own.name,
        loadKeyring: keyrings.loadShared,
      }),
    }),
    requests: createRequestsReader(requests),
    activity: createActivityReader(
      createAuditTrail({ ...tables, now: () => toEpochSeconds(Date.now()) }),
    ),
    answers: createAnswersReader({
      ...{ processors, policy },
      answers: createProcessorAnswers({ ...tables, loadKeyring: keyrings.loadCell }),
    }),
  },
  profiles,
  mailer: createMailer(createSes(), requireText(TUNABLES.fromAddress)),
  policy,
  processors,
  events: createProcessorEvents(requireText(ENVIRONMENT.privacyBus)),
  tasks: createWaitingTasks(),
  count: createTaskCounts('export'),
  randomBelow,
  createAct: (kind, { sub, requestId }, at) =>
    actOf({ actor: { type: 'system', name: EXPORT_SYSTEM }, at }, { kind, sub, object: requestId }),
  settings: {
    issuer,
    pagesUrl: pagesUrlOf(cells, issuer),
    region: cells.own.region,
    productName: requireText(TUNABLES.productName),
    defaultLanguage: requireText(TUNABLES.defaultLanguage),
    processorDeadlineDays: requireInteger(TUNABLES.processorDeadlineDays),
    processorReminderHours: requireInteger(TUNABLES.processorReminderHours),
    linkDays: requireInteger(TUNABLES.exportLinkDays),
  },
};

const RequestId = z.string().check(z.regex(/^[A-Za-z0-9_-]{16,64}$/));

const Input = z.discriminatedUnion('step', [
  z.object({ step: z.enum(EXPORT_STEPS), requestId: RequestId }),
  z.object({ step: z.literal('remind'), requestId: RequestId, processorId: z.string() }),
  z.object({
    step: z.literal('tell-processor'),
    requestId: RequestId,
    processorId: z.string(),
    taskToken: z.string(),
  }),
]);

/** One state of `domicile-export`. Throws what its execution should show: names, no data. */
export async function handler(event: unknown): Promise<ExportOutput> {
  const input = Input.parse(event);
  const output = await runStep(input, toEpochSeconds(Date.now()));
  const { step, requestId } = input;
  logger.info('export step', { step, requestId, outcome: output.outcome });
  return output;
}

function runStep(input: z.infer<typeof Input>, now: EpochSeconds): Promise<ExportOutput> {
  if (input.step === 'tell-processor') return ask(deps, input, now);
  if (input.step === 'remind') return remind(deps, input, now);
  return STATES[input.step](deps, input.requestId as PrivacyRequestId, now);
}
