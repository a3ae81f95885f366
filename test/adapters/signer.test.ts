import { DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccessTokens } from '../../functions/adapters/crypto/access-tokens.ts';
import { createSigningKeys } from '../../functions/adapters/dynamodb/signing-keys.ts';
import { createSigner } from '../../functions/adapters/kms/signer.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { ensureSigningKeys } from '../../functions/provision/first-keys.ts';
import { NOW } from '../core/client-fixtures.ts';
import { PRIMARY, REPLICA } from '../local/kms-fixtures.ts';
import { type KeyWorld, rotate, startKeyWorld } from './signing-key-fixtures.ts';

const ISSUER = 'https://id.example';

let world: KeyWorld;

beforeAll(async () => {
  world = await startKeyWorld();
  await ensureSigningKeys(world.deps, world.now);
});
afterAll(() => world.close());

/** As one container of a region has them. */
function parts(region: typeof PRIMARY | typeof REPLICA = PRIMARY) {
  const { dynamo, table: directoryTable } = world.local;
  const nowMs = () => world.now * 1000;
  const signingKeys = createSigningKeys({ dynamo, directoryTable, nowMs });
  return {
    signingKeys,
    signer: createSigner({ kms: world.kms.client(region), signingKeys }),
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

describe('tokens of every region', () => {
  it('carry the same kid and verify with the same published key', async () => {
    const [home, elsewhere] = [parts(PRIMARY), parts(REPLICA)];
    const options = { algorithm: 'ES256', typ: 'at+jwt' } as const;
    const tokens = [
      await home.signer.sign(claims, options),
      await elsewhere.signer.sign(claims, options),
    ];
    const kids = tokens.map((token) => decodeProtectedHeader(token).kid);
    expect(kids[0]).toBe(kids[1]);
    for (const token of tokens) {
      expect(await home.accessTokens.verify(token, NOW)).toMatchObject({ sub: 's1' });
    }
  });
});

describe('a container that knows the signing keys from before', () => {
  const options = { algorithm: 'ES256', typ: 'at+jwt' } as const;
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;

  it('signs with the new key within a minute of its activation; both are published', async () => {
    const { signer, signingKeys, accessTokens } = parts();
    const old = await signer.sign(claims, options);
    for (const step of ['begin', 'create-keys', 'replicate-keys', 'publish-next'] as const) {
      const { waitSeconds } = await world.step(step, 'on-demand', 'gentle');
      world.now = addSeconds(world.now, waitSeconds);
    }
    await signer.sign(claims, options);
    await world.step('activate', 'on-demand', 'gentle');
    expect(kidOf(await signer.sign(claims, options))).toBe(kidOf(old));
    world.now = addSeconds(world.now, 60);
    expect(kidOf(await signer.sign(claims, options))).not.toBe(kidOf(old));
    expect((await signingKeys.jwks()).keys).toHaveLength(4);
    expect(await accessTokens.verify(old, NOW)).toMatchObject({ sub: 's1' });
    for (const step of ['retire', 'release'] as const)
      await world.step(step, 'on-demand', 'gentle');
    world.now = addSeconds(world.now, 60);
    expect(await accessTokens.verify(old, NOW)).toBeUndefined();
  });

  it('looks again when KMS says that its key was revoked, and signs with the new one', async () => {
    const { signer, accessTokens } = parts();
    const old = await signer.sign(claims, options);
    await rotate(world, 'emergency', 'emergency');
    const token = await signer.sign(claims, options);
    expect(kidOf(token)).not.toBe(kidOf(old));
    expect(await accessTokens.verify(token, NOW)).toMatchObject({ sub: 's1' });
    expect(await accessTokens.verify(old, NOW)).toBeUndefined();
  });

  it('asks to be called again while the directory has not heard of a new key', async () => {
    const { signer, signingKeys } = parts();
    const { keyId } = await signingKeys.requireActive('ES256');
    await world.kms.client(PRIMARY).send(new DisableKeyCommand({ KeyId: keyId }));
    await expect(signer.sign(claims, options)).rejects.toMatchObject({ name: 'UnavailableError' });
  });

  it.each([
    [599, 'UnavailableError'],
    [600, 'AccessDeniedException'],
  ])('takes a refusal %i s after its activation for a %s', async (seconds, name) => {
    const { signingKeys } = parts();
    const { since } = await signingKeys.requireActive('ES256');
    const kms = new KMSClient({ region: PRIMARY });
    kms.middlewareStack.add(
      () => async () => {
        throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      },
      { step: 'initialize' },
    );
    const nowMs = () => (since + seconds) * 1000;
    const refused = createSigner({ kms, signingKeys, nowMs }).sign(claims, options);
    await expect(refused).rejects.toMatchObject({ name });
  });
});
