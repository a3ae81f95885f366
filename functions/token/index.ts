import { join } from 'node:path';
import { createAccessTokens } from '../adapters/crypto/access-tokens.ts';
import { createAssertionVerifier } from '../adapters/crypto/client-assertion.ts';
import { createGrantSecrets } from '../adapters/crypto/grant-secrets.ts';
import { equalInConstantTime, hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import { createIdTokenHints } from '../adapters/crypto/id-token-hints.ts';
import { createOwnKeyring } from '../adapters/crypto/keyring-loader.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { createClientAssertions } from '../adapters/dynamodb/client-assertions.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createEvidenceKeys } from '../adapters/dynamodb/evidence-keys.ts';
import { createGrantFamilies } from '../adapters/dynamodb/grant-families.ts';
import { createGrantStandings } from '../adapters/dynamodb/grant-standings.ts';
import { createGrantUpdate } from '../adapters/dynamodb/grant-updates.ts';
import { createHomes } from '../adapters/dynamodb/homes.ts';
import { createPrimaryHomes } from '../adapters/dynamodb/primary-directory.ts';
import { createPrivacyChoices } from '../adapters/dynamodb/privacy-choices.ts';
import { createProfiles } from '../adapters/dynamodb/profiles.ts';
import { createPushedRequests } from '../adapters/dynamodb/pushed-requests.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createSigningKeys } from '../adapters/dynamodb/signing-keys.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createSigner } from '../adapters/kms/signer.ts';
import { createCellCalls } from '../adapters/lambda/cell-calls.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import { ENVIRONMENT, findText, PRIVACY_POLICY_FILE } from '../environment.ts';
import { createForward } from '../http/forwarding.ts';
import { createHomeOf } from '../http/home-of.ts';
import { createSurface } from '../http/surface.ts';
import { readCells } from '../topology.ts';
import { createClientAuthentication, requireProof } from './client-authentication.ts';
import { createConsentCheck } from './consent-check.ts';
import { createDiscoveryEndpoint } from './discovery.ts';
import { createEvidenceJwksEndpoint } from './evidence-jwks.ts';
import { createAuthorizationCodeGrant } from './grants/authorization-code.ts';
import { createClientCredentialsGrant } from './grants/client-credentials.ts';
import { createRefreshTokenGrant } from './grants/refresh-token.ts';
import { createHealthEndpoint } from './health.ts';
import { createIntrospectionEndpoint } from './introspect.ts';
import { createJwksEndpoint } from './jwks.ts';
import { createParEndpoint } from './par.ts';
import { createRevocationEndpoint } from './revoke.ts';
import { readSettings } from './settings.ts';
import { createTokenEndpoint } from './token.ts';
import { createTokenIssuer } from './token-issuer.ts';
import { createUserinfoEndpoint } from './userinfo.ts';

const settings = readSettings();
const cells = readCells();
const { issuer, cell, directoryTable, dataTable, keyTable, lifetimes } = settings;
const policy = readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE));

const dynamo = createDynamo();
const kms = createKms();
const keyrings = createOwnKeyring({ dynamo, kms, cell, dataTable });
const { loadCell: loadKeyring } = keyrings;
const sealer = createSealer(keyrings);
const signingKeys = createSigningKeys({ dynamo, directoryTable });
const accessTokens = createAccessTokens({ publishedKeys: signingKeys, issuer });
const homesTable = cells.areSeveral ? directoryTable : undefined;
const profiles = createProfiles({ dynamo, dataTable, keyTable, loadKeyring, homesTable });
const clients = createClients({ dynamo, directoryTable });
const grants = createGrantFamilies({
  update: createGrantUpdate(dynamo, dataTable),
  secrets: createGrantSecrets({ sealer, loadKeyring, cell }),
  lifetimes,
});
const tokenIssuer = createTokenIssuer({
  signer: createSigner({ kms, signingKeys }),
  issuer,
  lifetimes,
  randomToken,
  policy,
});
const authenticateClient = createClientAuthentication({
  clients,
  assertions: createClientAssertions({ dynamo, dataTable }),
  verifyAssertion: createAssertionVerifier([
    issuer,
    `${issuer}/oauth2/token`,
    // RFC 9126 §2
    `${issuer}/oauth2/par`,
  ]),
  hashSecret,
  equal: equalInConstantTime,
  issuer,
});

const { primaryRegion } = settings;
const isPrimary = cells.own.region === primaryRegion;
const homeOf = createHomeOf({
  cells,
  homes: createHomes({
    dynamo,
    directoryTable,
    primary: isPrimary ? undefined : createPrimaryHomes(primaryRegion),
  }),
});

const discovery = createDiscoveryEndpoint(issuer);
const userinfo = createUserinfoEndpoint({ accessTokens, profiles, homeOf, issuer, policy });
const token = createTokenEndpoint({
  authenticateClient,
  homeOf,
  grants: {
    authorization_code: createAuthorizationCodeGrant({
      grants,
      profiles,
      tokenIssuer,
      hashSecret,
      issuer,
    }),
    refresh_token: createRefreshTokenGrant({ grants, tokenIssuer, issuer }),
    client_credentials: createClientCredentialsGrant(tokenIssuer),
  },
});
const revoke = createRevocationEndpoint({ authenticateClient, grants, accessTokens, homeOf });
const introspect = createIntrospectionEndpoint({
  authenticateClient: requireProof(authenticateClient),
  standings: createGrantStandings({ dynamo, dataTable, homesTable }),
  ...{ accessTokens, clients, grants, homeOf, issuer },
});
const par = createParEndpoint({
  authenticateClient: requireProof(authenticateClient),
  idTokenHints: createIdTokenHints({ publishedKeys: signingKeys, issuer }),
  pushedRequests: createPushedRequests({ dynamo, dataTable }),
  ...{ issuer, cell },
});

const consentCheck = createConsentCheck({
  choices: createPrivacyChoices({ dynamo, dataTable, homesTable }),
  ...{ accessTokens, homeOf, policy, issuer },
});

export const handler = createSurface({
  surface: 'token',
  edgeSecret: findText(ENVIRONMENT.edgeSecret),
  forward: createForward(createCellCalls({ cells, signOfLife: 'token' }), 'token'),
  routes: {
    'GET /.well-known/openid-configuration': { endpoint: discovery, errors: 'problem' },
    'GET /.well-known/oauth-authorization-server': { endpoint: discovery, errors: 'problem' },
    'GET /.well-known/evidence-jwks.json': {
      endpoint: createEvidenceJwksEndpoint(createEvidenceKeys({ dynamo, directoryTable })),
      errors: 'problem',
    },
    'GET /oauth2/jwks': { endpoint: createJwksEndpoint(signingKeys), errors: 'problem' },
    'POST /oauth2/token': { endpoint: token, errors: 'oauth' },
    'GET /oauth2/userinfo': { endpoint: userinfo, errors: 'oauth' },
    'POST /oauth2/userinfo': { endpoint: userinfo, errors: 'oauth' },
    'POST /oauth2/revoke': { endpoint: revoke, errors: 'oauth' },
    'POST /oauth2/introspect': { endpoint: introspect, errors: 'oauth' },
    'POST /oauth2/par': { endpoint: par, errors: 'oauth' },
    'POST /v1/consents/check': { endpoint: consentCheck, errors: 'problem', body: 'json' },
    'GET /health': { endpoint: createHealthEndpoint(signingKeys), errors: 'problem' },
  },
});
