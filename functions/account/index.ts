import { createGrantSecrets } from '../adapters/crypto/grant-secrets.ts';
import { createKeyringLoader } from '../adapters/crypto/keyring.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { createAccounts } from '../adapters/dynamodb/accounts.ts';
import { createAttempts } from '../adapters/dynamodb/attempts.ts';
import { createDirectory } from '../adapters/dynamodb/directory.ts';
import { createGrants } from '../adapters/dynamodb/grants.ts';
import { createProfiles } from '../adapters/dynamodb/profiles.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createSessions } from '../adapters/dynamodb/sessions.ts';
import { createSignIns } from '../adapters/dynamodb/sign-ins.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createPasswords } from '../adapters/passwords/argon2.ts';
import { createMailer, createSes } from '../adapters/ses/mailer.ts';
import { createErrorPages } from '../browser/error-pages.ts';
import { createForms } from '../browser/forms.ts';
import { createPages } from '../browser/pages.ts';
import { createSessionCookies } from '../browser/session-cookies.ts';
import { COMMON_PASSWORDS_FILE } from '../environment.ts';
import { createSurface } from '../http/surface.ts';
import { createRoutes } from './routes.ts';
import { readLimits, readPlaces, readSettings } from './settings.ts';

const settings = readSettings();
const limits = readLimits();
const { cell, directoryTable, dataTable, keyTable, keyringKeyArn, fromAddress } = readPlaces();
const { issuer } = settings;

const commonPasswordsFile = new URL(COMMON_PASSWORDS_FILE, import.meta.url);
const dynamo = createDynamo();
const loadKeyring = createKeyringLoader({
  dynamo,
  kms: createKms(),
  directoryTable,
  keyringKeyArn,
});
const sealer = createSealer(loadKeyring);
const pages = createPages(settings);
const sessions = createSessions({
  dynamo,
  dataTable,
  sealer,
  idleLifetimeSeconds: limits.sessionIdleLifetimeSeconds,
});
// This surface ends grants and issues none: codes need no lifetime here.
const grants = createGrants({
  dynamo,
  dataTable,
  secrets: createGrantSecrets({ sealer, loadKeyring, cell }),
  codeLifetimeSeconds: 0,
});
const tables = { dynamo, directoryTable, dataTable, keyTable, loadKeyring };

export const handler = createSurface({
  surface: 'account',
  renderError: createErrorPages(pages),
  routes: createRoutes({
    settings,
    pages,
    sealer,
    sessions,
    grants,
    directory: createDirectory({ dynamo, directoryTable, loadKeyring }),
    forms: createForms({ sealer, issuer }),
    sessionCookies: createSessionCookies({
      issuer,
      sessions,
      absoluteLifetimeSeconds: limits.sessionAbsoluteLifetimeSeconds,
    }),
    accounts: createAccounts({ dynamo, dataTable }),
    profiles: createProfiles({ dynamo, dataTable, keyTable, loadKeyring }),
    attempts: createAttempts({ dynamo, dataTable, rule: limits.attempts }),
    signIns: createSignIns({ ...tables, cell, sessions, grants }),
    passwords: createPasswords({ loadKeyring, cost: limits.argon2, commonPasswordsFile }),
    mailer: createMailer(createSes(), fromAddress),
  }),
});
