import { createAccessTokens } from './crypto/access-tokens.ts';
import { createGrantSecrets } from './crypto/grant-secrets.ts';
import { createKeyrings } from './crypto/keyring-loader.ts';
import { createSealer } from './crypto/sealer.ts';
import { createAccess } from './dynamodb/access.ts';
import { createActLog } from './dynamodb/act-log.ts';
import { createAges } from './dynamodb/ages.ts';
import { createCertificates } from './dynamodb/certificates.ts';
import { createDirectory } from './dynamodb/directory.ts';
import { createExportRequests } from './dynamodb/export-requests.ts';
import { createGrants } from './dynamodb/grants.ts';
import { createHolds } from './dynamodb/holds.ts';
import { createHomes } from './dynamodb/homes.ts';
import { createPrimaryDirectory, createPrimaryHomes } from './dynamodb/primary-directory.ts';
import { createPrivacyChoices } from './dynamodb/privacy-choices.ts';
import { createPrivacyRequestLists } from './dynamodb/privacy-request-lists.ts';
import { createPrivacyRequests } from './dynamodb/privacy-requests.ts';
import { createErasureRequests } from './dynamodb/privacy-requests-erasure.ts';
import { createProcessorAnswers } from './dynamodb/processor-answers.ts';
import { createProcessors } from './dynamodb/processors.ts';
import { createProfiles } from './dynamodb/profiles.ts';
import { createDynamo } from './dynamodb/send.ts';
import { createSessions } from './dynamodb/sessions.ts';
import { createSigningKeys } from './dynamodb/signing-keys.ts';
import { createKms } from './kms/client.ts';
import { createS3 } from './s3/client.ts';
import { createExportLinks } from './s3/export-files.ts';
import { createMailer, createSes } from './ses/mailer.ts';
import { createPrivacyRuns } from './states/privacy-runs.ts';
import { createWaitingTasks } from './states/waiting-tasks.ts';

interface AdministrationOptions {
  readonly issuer: string;
  readonly places: {
    readonly cell: string;
    readonly directoryTable: string;
    readonly dataTable: string;
    readonly keyTable: string;
    readonly recordsTable: string;
    readonly fromAddress: string;
    /** Region of the primary directory; undefined for the cell that is there. */
    readonly remotePrimary: string | undefined;
  };
  readonly erasureMachineArn: string;
  readonly exportMachineArn: string;
  readonly exportBucket: string;
}

/** What operators, and processors, reach of people's rights: once per container. */
export function createPrivacyAdministration({
  issuer,
  places,
  erasureMachineArn,
  exportMachineArn,
  exportBucket,
}: AdministrationOptions) {
  const { remotePrimary, fromAddress, ...names } = places;
  const dynamo = createDynamo();
  const tables = { dynamo, ...names };
  const keyrings = createKeyrings({ ...tables, kms: createKms() });
  const { loadShared, loadCell } = keyrings;
  const sealer = createSealer(keyrings);
  const privacyRequests = createPrivacyRequests(tables);
  // Neither sessions nor codes begin here: they end.
  const sessions = createSessions({ ...tables, sealer, idleLifetimeSeconds: 0 });
  const secrets = createGrantSecrets({ ...tables, sealer, loadKeyring: loadCell });
  const grants = createGrants({ ...tables, secrets, codeLifetimeSeconds: 0 });
  const primary = remotePrimary === undefined ? undefined : createPrimaryDirectory(remotePrimary);
  return {
    sealer,
    privacyRequests,
    accessTokens: createAccessTokens({ publishedKeys: createSigningKeys(tables), issuer }),
    access: createAccess({ ...tables, sessions, grants }),
    profiles: createProfiles({ ...tables, loadKeyring: loadCell }),
    directory: createDirectory({ ...tables, primary, loadKeyring: loadShared }),
    erasures: createErasureRequests({ ...tables, requests: privacyRequests }),
    erasureRuns: createPrivacyRuns(erasureMachineArn),
    exports: createExportRequests({ ...tables, requests: privacyRequests }),
    exportRuns: createPrivacyRuns(exportMachineArn),
    exportLinks: createExportLinks({ s3: createS3(), bucket: exportBucket }),
    requestLists: createPrivacyRequestLists(tables),
    holds: createHolds({ ...tables, loadKeyring: loadCell }),
    ages: createAges({ ...tables, loadKeyring: loadCell }),
    choices: createPrivacyChoices(tables),
    processors: createProcessors({ ...tables, sealer }),
    answers: createProcessorAnswers({ ...tables, loadKeyring: loadCell }),
    certificates: createCertificates(tables),
    waitingTasks: createWaitingTasks(),
    recordAct: createActLog(tables),
    mailer: createMailer(createSes(), fromAddress),
    homes: createHomes({
      ...tables,
      primary: remotePrimary === undefined ? undefined : createPrimaryHomes(remotePrimary),
    }),
  };
}
