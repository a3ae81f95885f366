import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createGrantSecrets } from './crypto/grant-secrets.ts';
import { createKeyrings, type Keyrings } from './crypto/keyring-loader.ts';
import { createSealer } from './crypto/sealer.ts';
import { createAccounts } from './dynamodb/accounts.ts';
import { createAttempts } from './dynamodb/attempts.ts';
import { createDirectory } from './dynamodb/directory.ts';
import { createGrants } from './dynamodb/grants.ts';
import { createPrimaryDirectory } from './dynamodb/primary-directory.ts';
import { createProfiles } from './dynamodb/profiles.ts';
import { createDynamo } from './dynamodb/send.ts';
import { createSessions } from './dynamodb/sessions.ts';
import { createSignIns } from './dynamodb/sign-ins.ts';
import { createKms } from './kms/client.ts';
import { createPasswords } from './passwords/argon2.ts';
import { createMailer, createSes } from './ses/mailer.ts';

interface PeopleOptions {
  readonly places: {
    readonly cell: string;
    readonly directoryTable: string;
    readonly dataTable: string;
    readonly keyTable: string;
    readonly fromAddress: string;
    /** Region of the primary directory; undefined for the cell that is there. */
    readonly remotePrimary: string | undefined;
  };
  readonly limits: {
    readonly sessionIdleLifetimeSeconds: number;
    readonly attempts: Parameters<typeof createAttempts>[0]['rule'];
    readonly argon2: Parameters<typeof createPasswords>[0]['cost'];
  };
  /** Of authorization codes; 0 where none are issued. */
  readonly codeLifetimeSeconds: number;
  readonly commonPasswordsFile: string;
}

/** What further adapters of the same surface are built on. */
interface Connections {
  readonly dynamo: DynamoDBClient;
  /** The one that all cells share. */
  readonly loadKeyring: Keyrings['loadShared'];
  readonly loadCellKeyring: Keyrings['loadCell'];
}

/** What every surface needs where people sign in: once per container, by its entry. */
export function createPeople({
  places,
  limits,
  codeLifetimeSeconds,
  commonPasswordsFile,
}: PeopleOptions) {
  const { cell, directoryTable, dataTable, keyTable, fromAddress } = places;
  const dynamo = createDynamo();
  const kms = createKms();
  const keyrings = createKeyrings({ dynamo, kms, cell, directoryTable, dataTable });
  const { loadShared, loadCell } = keyrings;
  const sealer = createSealer(keyrings);
  const primary =
    places.remotePrimary === undefined ? undefined : createPrimaryDirectory(places.remotePrimary);
  const directory = createDirectory({
    ...{ dynamo, directoryTable, dataTable, cell, primary },
    loadKeyring: loadShared,
  });
  const remoteClaims = primary === undefined ? undefined : directory;
  const { sessionIdleLifetimeSeconds: idleLifetimeSeconds } = limits;
  const sessions = createSessions({ dynamo, dataTable, sealer, idleLifetimeSeconds });
  const secrets = createGrantSecrets({ sealer, loadKeyring: loadCell, cell });
  const grants = createGrants({ dynamo, dataTable, secrets, codeLifetimeSeconds });
  const tables = { dynamo, directoryTable, dataTable, keyTable, loadKeyring: loadCell };
  const connections: Connections = {
    dynamo,
    loadKeyring: loadShared,
    loadCellKeyring: loadCell,
  };
  return {
    connections,
    people: {
      sealer,
      sessions,
      grants,
      directory,
      accounts: createAccounts({ dynamo, dataTable }),
      profiles: createProfiles({ dynamo, dataTable, keyTable, loadKeyring: loadCell }),
      attempts: createAttempts({ ...tables, rule: limits.attempts }),
      signIns: createSignIns({ ...tables, cell, sessions, grants, remoteClaims }),
      passwords: createPasswords({
        loadKeyring: loadShared,
        cost: limits.argon2,
        commonPasswordsFile,
      }),
      mailer: createMailer(createSes(), fromAddress),
    },
  };
}
