/** The signing keys as a region has them whose replica is in the middle of a transaction. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signingKeyKey } from '../../functions/adapters/dynamodb/signing-key-items.ts';
import { createSigningKeys } from '../../functions/adapters/dynamodb/signing-keys.ts';
import type { SigningKey, SigningKeyState } from '../../functions/core/signing-key.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { ensureSigningKeys } from '../../functions/provision/first-keys.ts';
import { type KeyWorld, startKeyWorld } from './signing-key-fixtures.ts';

let world: KeyWorld;

beforeEach(async () => {
  world = await startKeyWorld();
  await ensureSigningKeys(world.deps, world.now);
});
afterEach(() => world.close());

function open() {
  const { dynamo, table: directoryTable } = world.local;
  return createSigningKeys({ dynamo, directoryTable, nowMs: () => world.now * 1000 });
}

/** As if no other item of the transaction had arrived. */
async function move(
  wanted: Partial<Pick<SigningKey, 'algorithm' | 'generation'>>,
  state: SigningKeyState,
  since = world.now,
): Promise<void> {
  const fits = (key: SigningKey) =>
    (wanted.algorithm ?? key.algorithm) === key.algorithm &&
    (wanted.generation ?? key.generation) === key.generation;
  for (const { kid } of (await world.keys()).filter(fits)) {
    await world.local.dynamo.send(
      new UpdateItemCommand({
        TableName: world.local.table,
        Key: signingKeyKey(kid),
        UpdateExpression: 'SET #state = :state, since = :since',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': { S: state }, ':since': { N: String(since) } },
      }),
    );
  }
}

async function makeNext(): Promise<void> {
  await world.step('begin');
  await world.step('create-keys');
  await move({ generation: 'r1' }, 'next');
}

async function kidOf(generation: string) {
  return (await world.keys()).find(
    (key) => key.algorithm === 'ES256' && key.generation === generation,
  )?.kid;
}

test('the old key signs on where the new one has not come, and the new one as soon as it has', async () => {
  await makeNext();
  await move({ generation: 'first' }, 'retiring');
  const signingKeys = open();
  expect((await signingKeys.requireActive('ES256')).kid).toBe(await kidOf('first'));
  await move({ generation: 'r1' }, 'active');
  expect((await signingKeys.requireActive('ES256')).kid).toBe(await kidOf('r1'));
});

test('of several old keys it is the one that signed last', async () => {
  await makeNext();
  await move({ generation: 'first' }, 'retiring');
  const later = addSeconds(world.now, 1);
  await move({ generation: 'r1' }, 'retiring', later);
  expect((await open().requireActive('ES256')).kid).toBe(await kidOf('r1'));
});

test('the new key signs where the old one has not left', async () => {
  await makeNext();
  const later = addSeconds(world.now, 1);
  await move({ generation: 'r1' }, 'active', later);
  expect((await open().requireActive('ES256')).kid).toBe(await kidOf('r1'));
});

test('with no key at all the answer is to try again, and the next try looks again', async () => {
  await move({}, 'gone');
  const signingKeys = open();
  await expect(signingKeys.requireActive('ES256')).rejects.toMatchObject({
    name: 'UnavailableError',
  });
  await move({}, 'active');
  expect((await signingKeys.requireActive('ES256')).kid).toBe(await kidOf('first'));
});

test('an empty JWK Set is never published', async () => {
  await move({}, 'gone');
  const signingKeys = open();
  await expect(signingKeys.jwks()).rejects.toMatchObject({ name: 'UnavailableError' });
  await move({}, 'active');
  expect((await signingKeys.jwks()).keys).toHaveLength(2);
});

test('a set that lacks the active key of one algorithm is not remembered', async () => {
  await move({ algorithm: 'RS256' }, 'gone');
  const signingKeys = open();
  expect((await signingKeys.jwks()).keys).toHaveLength(1);
  await move({}, 'active');
  expect((await signingKeys.jwks()).keys).toHaveLength(2);
});

test('in an emergency new keys sign before old ones are gone, in two writes', async () => {
  for (const step of ['begin', 'create-keys', 'replicate-keys'] as const) {
    await world.step(step, 'emergency');
  }
  await world.step('activate', 'emergency');
  expect(await world.states('first')).toEqual(['ES256 retiring', 'RS256 retiring']);
  expect(await world.states('r1')).toEqual(['ES256 active', 'RS256 active']);
  await world.step('revoke', 'emergency');
  expect(await world.states('first')).toEqual(['ES256 gone', 'RS256 gone']);
});
