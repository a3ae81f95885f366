import { createPublicKey } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessTokens } from '../../functions/adapters/crypto/access-tokens.ts';
import { createSigningKeys } from '../../functions/adapters/dynamodb/signing-keys.ts';
import { createSigner } from '../../functions/adapters/kms/signer.ts';
import type { SigningAlgorithm } from '../../functions/core/client.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { createKmsService } from '../../local/kms/service.ts';
import type { DeployedResource } from '../../local/types.ts';
import { NOW } from '../core/client-fixtures.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from '../local/service-endpoint.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const ISSUER = 'https://id.example';
const arnOf = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
const keyArns = { RS256: arnOf('rsa'), ES256: arnOf('ec') };

function keyResource(id: string, KeySpec: string): DeployedResource {
  return {
    stack: 'Directory',
    region: REGION,
    logicalId: id,
    type: 'AWS::KMS::Key',
    physicalId: id,
    attributes: { Arn: arnOf(id) },
    properties: { KeySpec, KeyUsage: 'SIGN_VERIFY' },
  };
}

let local: LocalDynamo;
let endpoint: ServiceEndpoint;
let kms: KMSClient;

beforeAll(async () => {
  local = await startLocalDynamo();
  const resources = [keyResource('rsa', 'RSA_2048'), keyResource('ec', 'ECC_NIST_P256')];
  endpoint = await serve(await createKmsService({ region: REGION, account: ACCOUNT, resources }));
  kms = new KMSClient(endpoint.client);
  for (const alg of ['RS256', 'ES256'] as const) await publish(alg);
});
afterAll(async () => {
  kms.destroy();
  await endpoint.close();
  await local.close();
});

/** As provisioning does. */
async function publish(alg: SigningAlgorithm): Promise<void> {
  const keyArn = keyArns[alg];
  const { PublicKey: spki } = await kms.send(new GetPublicKeyCommand({ KeyId: keyArn }));
  const key = createPublicKey({ key: Buffer.from(spki ?? []), format: 'der', type: 'spki' });
  const jwk = await exportJWK(key);
  const kid = await calculateJwkThumbprint(jwk);
  const item = {
    pk: 'SIGNING-KEYS',
    sk: kid,
    alg,
    keyArn,
    state: 'active',
    jwk: { ...jwk, kid, alg },
  };
  await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item: marshall(item) }));
}

function parts() {
  const signingKeys = createSigningKeys({ dynamo: local.dynamo, directoryTable: local.table });
  return {
    signer: createSigner({ kms, signingKeys, keyArns }),
    accessTokens: createAccessTokens({ publishedKeys: signingKeys, issuer: ISSUER }),
  };
}

const claims = {
  iss: ISSUER,
  sub: 's1',
  aud: ISSUER,
  client_id: 'app',
  exp: addSeconds(NOW, 300),
};

describe('tokens signed by KMS', () => {
  it.each(['RS256', 'ES256'] as const)(
    'with %s verify against the published keys',
    async (algorithm) => {
      const { signer, accessTokens } = parts();
      const token = await signer.sign(claims, { algorithm, typ: 'at+jwt' });
      expect(await accessTokens.verify(token, NOW)).toMatchObject({ sub: 's1' });
    },
  );

  it.each<[string, object, 'JWT' | 'at+jwt', number]>([
    ['an ID token', {}, 'JWT', 0],
    ['one of another issuer', { iss: 'https://evil.example' }, 'at+jwt', 0],
    ['one without client', { client_id: undefined }, 'at+jwt', 0],
    ['one that has expired', {}, 'at+jwt', 300],
  ])('are no access token if it is %s', async (_what, changes, typ, afterSeconds) => {
    const { signer, accessTokens } = parts();
    const token = await signer.sign({ ...claims, ...changes }, { algorithm: 'ES256', typ });
    expect(await accessTokens.verify(token, addSeconds(NOW, afterSeconds))).toBeUndefined();
  });

  it('fail to verify once anything was changed', async () => {
    const { signer, accessTokens } = parts();
    const token = await signer.sign(claims, { algorithm: 'ES256', typ: 'at+jwt' });
    const [header, , signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 's2' })).toString('base64url');
    for (const bad of [`${header}.${forged}.${signature}`, `${header}.${forged}.`, 'x', '']) {
      expect(await accessTokens.verify(bad, NOW)).toBeUndefined();
    }
  });
});
