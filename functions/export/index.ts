import { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod/mini';
import { randomBelow } from '../adapters/crypto/hash.ts';
import { createKeyrings } from '../adapters/crypto/keyring-loader.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { actOf } from '../adapters/dynamodb/acts.ts';
import { createAuditTrail } from '../adapters/dynamodb/audit-trail.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createDirectory } from '../adapters/dynamodb/directory.ts';
import { createCollectionReader } from '../adapters/dynamodb/export-collection.ts';
import {
  createActivityReader,
  createDirectoryReader,
  createRequestsReader,
} from '../adapters/dynamodb/export-elsewhere.ts';
import { createExportRuns } from '../adapters/dynamodb/exports.ts';
import { createPrivacyRequests } from '../adapters/dynamodb/privacy-requests.ts';
import { createProfiles } from '../adapters/dynamodb/profiles.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createSlots } from '../adapters/dynamodb/slots.ts';
import { createKms } from '../adapters/kms/client.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { createS3 } from '../adapters/s3/client.ts';
import { createExportFiles } from '../adapters/s3/export-files.ts';
import { createMailer, createSes } from '../adapters/ses/mailer.ts';
import { pagesUrlOf } from '../browser/cell-hosts.ts';
import { EXPORT_STEPS, type ExportOutput } from '../core/exports/steps.ts';
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
      sealer: createSealer(keyrings),
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
  },
  profiles,
  mailer: createMailer(createSes(), requireText(TUNABLES.fromAddress)),
  policy: readPrivacyPolicy(new URL(PRIVACY_POLICY_FILE, import.meta.url)),
  randomBelow,
  createAct: (kind, { sub, requestId }, at) =>
    actOf({ actor: { type: 'system', name: EXPORT_SYSTEM }, at }, { kind, sub, object: requestId }),
  settings: {
    issuer,
    pagesUrl: pagesUrlOf(cells, issuer),
    region: cells.own.region,
    productName: requireText(TUNABLES.productName),
    defaultLanguage: requireText(TUNABLES.defaultLanguage),
    linkDays: requireInteger(TUNABLES.exportLinkDays),
  },
};

const Input = z.object({
  step: z.enum(EXPORT_STEPS),
  requestId: z.string().check(z.regex(/^[A-Za-z0-9_-]{16,64}$/)),
});

/** One state of `domicile-export`. Throws what its execution should show: names, no data. */
export async function handler(event: unknown): Promise<ExportOutput> {
  const { step, requestId } = Input.parse(event);
  const id = requestId as PrivacyRequestId;
  const output = await STATES[step](deps, id, toEpochSeconds(Date.now()));
  logger.info('export step', { step, requestId, ...output });
  return output;
}
