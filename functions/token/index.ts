import { createAccessTokens } from '../adapters/crypto/access-tokens.ts';
import { createAssertionVerifier } from '../adapters/crypto/client-assertion.ts';
import { createGrantSecrets } from '../adapters/crypto/grant-secrets.ts';
import { equalInConstantTime, hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import { createKeyringLoader } from '../adapters/crypto/keyring.ts';
import { createSealer } from '../adapters/crypto/sealer.ts';
import { createClientAssertions } from '../adapters/dynamodb/client-assertions.ts';
import { createClients } from '../adapters/dynamodb/clients.ts';
import { createGrantFamilies } from '../adapters/dynamodb/grant-families.ts';
import { createGrantUpdate } from '../adapters/dynamodb/grant-updates.ts';
import { createProfiles } from '../adapters/dynamodb/profiles.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createSigningKeys } from '../adapters/dynamodb/signing-keys.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createSigner } from '../adapters/kms/signer.ts';
import { createSurface } from '../http/surface.ts';
import { createClientAuthentication } from './client-authentication.ts';
import { createDiscoveryEndpoint } from './discovery.ts';
import { createAuthorizationCodeGrant } from './grants/authorization-code.ts';
import { createClientCredentialsGrant } from './grants/client-credentials.ts';
import { createRefreshTokenGrant } from './grants/refresh-token.ts';
import { health } from './health.ts';
import { createJwksEndpoint } from './jwks.ts';
import { createRevocationEndpoint } from './revoke.ts';
import { readSettings } from './settings.ts';
import { createTokenEndpoint } from './token.ts';
import { createTokenIssuer } from './token-issuer.ts';
import { createUserinfoEndpoint } from './userinfo.ts';

const settings = readSettings();
const { issuer, cell, directoryTable, dataTable, keyTable, keyringKeyArn, lifetimes } = settings;

const dynamo = createDynamo();
const kms = createKms();
const loadKeyring = createKeyringLoader({ dynamo, kms, directoryTable, keyringKeyArn });
const sealer = createSealer(loadKeyring);
const signingKeys = createSigningKeys({ dynamo, directoryTable });
const accessTokens = createAccessTokens({ publishedKeys: signingKeys, issuer });
const profiles = createProfiles({ dynamo, dataTable, keyTable, loadKeyring });
const grants = createGrantFamilies({
  update: createGrantUpdate(dynamo, dataTable),
  secrets: createGrantSecrets({ sealer, loadKeyring, cell }),
  lifetimes,
});
const tokenIssuer = createTokenIssuer({
  signer: createSigner({ kms, signingKeys, keyArns: settings.signingKeyArns }),
  issuer,
  lifetimes,
  randomToken,
});
const authenticateClient = createClientAuthentication({
  clients: createClients({ dynamo, directoryTable }),
  assertions: createClientAssertions({ dynamo, dataTable }),
  verifyAssertion: createAssertionVerifier([issuer, `${issuer}/oauth2/token`]),
  hashSecret,
  equal: equalInConstantTime,
  issuer,
});

const discovery = createDiscoveryEndpoint(issuer);
const userinfo = createUserinfoEndpoint({ accessTokens, profiles, issuer });
const token = createTokenEndpoint({
  authenticateClient,
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
const revoke = createRevocationEndpoint({ authenticateClient, grants, accessTokens });

export const handler = createSurface({
  surface: 'token',
  routes: {
    'GET /.well-known/openid-configuration': { endpoint: discovery, errors: 'problem' },
    'GET /.well-known/oauth-authorization-server': { endpoint: discovery, errors: 'problem' },
    'GET /oauth2/jwks': { endpoint: createJwksEndpoint(signingKeys), errors: 'problem' },
    'POST /oauth2/token': { endpoint: token, errors: 'oauth' },
    'GET /oauth2/userinfo': { endpoint: userinfo, errors: 'oauth' },
    'POST /oauth2/userinfo': { endpoint: userinfo, errors: 'oauth' },
    'POST /oauth2/revoke': { endpoint: revoke, errors: 'oauth' },
    'GET /health': { endpoint: health, errors: 'problem' },
  },
});
