import { createGrantSecrets } from './crypto/grant-secrets.ts';
import { createKeyrings } from './crypto/keyring-loader.ts';
import { createSealer } from './crypto/sealer.ts';
import { createAccess } from './dynamodb/access.ts';
import { createDirectory } from './dynamodb/directory.ts';
import { createDirectoryCopy } from './dynamodb/directory-copies.ts';
import { createPersonCollection } from './dynamodb/erasure-collection.ts';
import { createErasureContacts } from './dynamodb/erasure-contacts.ts';
import { createPersonCounters } from './dynamodb/erasure-counters.ts';
import { createPersonKeys } from './dynamodb/erasure-keys.ts';
import { createErasedAgain } from './dynamodb/erasure-replays.ts';
import { createErasureTraces } from './dynamodb/erasure-traces.ts';
import { createErasures } from './dynamodb/erasures.ts';
import { createGrants } from './dynamodb/grants.ts';
import { createLedger } from './dynamodb/ledger.ts';
import { createPrimaryDirectory } from './dynamodb/primary-directory.ts';
import { createPrivacyRequests } from './dynamodb/privacy-requests.ts';
import { createProcessors } from './dynamodb/processors.ts';
import { createProfiles } from './dynamodb/profiles.ts';
import { createQuarantine } from './dynamodb/quarantine.ts';
import { createDynamo } from './dynamodb/send.ts';
import { createSessions } from './dynamodb/sessions.ts';
import { createSlots } from './dynamodb/slots.ts';
import { createExportEnds } from './export-ends.ts';
import { createKms } from './kms/client.ts';
import { createS3 } from './s3/client.ts';
import { createExportFiles } from './s3/export-files.ts';

interface ErasureOptions {
  readonly places: {
    readonly cell: string;
    readonly directoryTable: string;
    readonly dataTable: string;
    readonly keyTable: string;
    readonly recordsTable: string;
    readonly exportBucket: string;
    /** Region of the primary directory; undefined for the cell that is there. */
    readonly remotePrimary: string | undefined;
  };
  /** Erasures at work at once. */
  readonly concurrency: number;
  readonly consentHistory: 'delete' | 'anonymise';
}

/** Everything that the states of an erasure reach, once per container. */
export function createErasure({ places, concurrency, consentHistory }: ErasureOptions) {
  const { cell, directoryTable, dataTable, keyTable, recordsTable, remotePrimary } = places;
  const dynamo = createDynamo();
  const tables = { dynamo, dataTable, keyTable, recordsTable, directoryTable };
  const keyrings = createKeyrings({ ...tables, kms: createKms(), cell });
  const { loadShared, loadCell } = keyrings;
  const sealer = createSealer(keyrings);
  const primary = remotePrimary === undefined ? undefined : createPrimaryDirectory(remotePrimary);
  const requests = createPrivacyRequests(tables);
  // Neither sessions nor codes begin here: they end.
  const sessions = createSessions({ ...tables, sealer, idleLifetimeSeconds: 0 });
  const secrets = createGrantSecrets({ sealer, loadKeyring: loadCell, cell });
  const grants = createGrants({ ...tables, secrets, codeLifetimeSeconds: 0 });
  return {
    connections: { dynamo, sealer },
    ports: {
      cell,
      consentHistory,
      erasures: createErasures({ ...tables, requests }),
      access: createAccess({ ...tables, sessions, grants }),
      slots: createSlots({ ...tables, machine: 'erasure', count: concurrency }),
      ledger: createLedger(tables),
      profiles: createProfiles({ ...tables, loadKeyring: loadCell }),
      directory: createDirectory({ ...tables, cell, primary, loadKeyring: loadShared }),
      traces: createErasureTraces(tables),
      contacts: createErasureContacts({ ...tables, loadKeyring: loadCell }),
      keys: createPersonKeys(tables),
      collection: createPersonCollection({ ...tables, byPolicy: consentHistory }),
      exports: createExportEnds({
        requests,
        files: createExportFiles({ s3: createS3(), bucket: places.exportBucket }),
        processors: createProcessors({ ...tables, sealer, cell }),
      }),
      counters: createPersonCounters({ ...tables, loadShared, loadCell }),
      quarantine: createQuarantine({ ...tables, primary: primary?.forClaims }),
      tablesOf: (named: {
        readonly table?: string | undefined;
        readonly keysTable?: string | undefined;
      }) =>
        createErasedAgain({
          dynamo,
          dataTable: named.table ?? dataTable,
          keyTable: named.keysTable ?? keyTable,
          actsTable: dataTable,
        }),
      // Beside the primary directory, wherever this cell is: that alone is written into.
      directoryCopyOf: (table: string) =>
        createDirectoryCopy({ dynamo: primary?.forClaims ?? dynamo, table }),
    },
  };
}
