import { createGrantSecrets } from '../adapters/crypto/grant-secrets.ts';
import { createIdTokenHints } from '../adapters/crypto/id-token-hints.ts';
import { createKeyringLoader } from '../adapters/crypto/keyring.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { createAccounts } from '../adapters/dynamodb/accounts.ts';
import { createAttempts } from '../adapters/dynamodb/attempts.ts';
import { createChallenges } from '../adapters/dynamodb/challenges.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createConsents } from '../adapters/dynamodb/consents.ts';
import { createDirectory } from '../adapters/dynamodb/directory.ts';
import { createGrants } from '../adapters/dynamodb/grants.ts';
import { createMailCounters } from '../adapters/dynamodb/mails.ts';
import { createProfiles } from '../adapters/dynamodb/profiles.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createSessions } from '../adapters/dynamodb/sessions.ts';
import { createSignIns } from '../adapters/dynamodb/sign-ins.ts';
import { createSigningKeys } from '../adapters/dynamodb/signing-keys.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createPasswords } from '../adapters/passwords/argon2.ts';
import { createMailer, createSes } from '../adapters/ses/mailer.ts';
import { createErrorPages } from '../browser/error-pages.ts';
import { createForms } from '../browser/forms.ts';
import { createPages } from '../browser/pages.ts';
import { createSessionCookies } from '../browser/session-cookies.ts';
import { CODES_PER_ADDRESS } from '../core/one-time-code.ts';
import { COMMON_PASSWORDS_FILE } from '../environment.ts';
import { createSurface } from '../http/surface.ts';
import { createRoutes } from './routes.ts';
import { readLimits, readPlaces, readSettings } from './settings.ts';

const settings = readSettings();
const limits = readLimits();
const { cell, directoryTable, dataTable, keyTable, keyringKeyArn, fromAddress } = readPlaces();
const { issuer, codeLifetimeSeconds, sessionAbsoluteLifetimeSeconds } = settings;

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
const grants = createGrants({
  dynamo,
  dataTable,
  secrets: createGrantSecrets({ sealer, loadKeyring, cell }),
  codeLifetimeSeconds: limits.authorizationCodeLifetimeSeconds,
});
const tables = { dynamo, directoryTable, dataTable, keyTable, loadKeyring };

export const handler = createSurface({
  surface: 'interaction',
  renderError: createErrorPages(pages),
  routes: createRoutes({
    settings,
    pages,
    sealer,
    sessions,
    grants,
    forms: createForms({ sealer, issuer }),
    sessionCookies: createSessionCookies({
      issuer,
      sessions,
      absoluteLifetimeSeconds: sessionAbsoluteLifetimeSeconds,
    }),
    clients: createClients({ dynamo, directoryTable }),
    directory: createDirectory({ dynamo, directoryTable, loadKeyring }),
    accounts: createAccounts({ dynamo, dataTable }),
    profiles: createProfiles({ dynamo, dataTable, keyTable, loadKeyring }),
    attempts: createAttempts({ dynamo, dataTable, rule: limits.attempts }),
    challenges: createChallenges({
      ...{ dynamo, dataTable, sealer, loadKeyring, codeLifetimeSeconds },
      mails: createMailCounters({ dynamo, dataTable, loadKeyring, ...limits.mails }),
      codeBudget: createAttempts({ dynamo, dataTable, rule: CODES_PER_ADDRESS }),
      ...limits.challenges,
    }),
    consents: createConsents({ dynamo, dataTable }),
    signIns: createSignIns({ ...tables, cell, sessions, grants }),
    passwords: createPasswords({ loadKeyring, cost: limits.argon2, commonPasswordsFile }),
    mailer: createMailer(createSes(), fromAddress),
    idTokenHints: createIdTokenHints({
      publishedKeys: createSigningKeys({ dynamo, directoryTable }),
      issuer,
    }),
  }),
});
