/** Signing keys through next → active → retiring → gone, and what verifiers see of it (ADR 0015). */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type App,
  clientCredentials,
  registerApp,
  registerMachine,
  requireText,
  userinfo,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createSignedIn, endSession, obtainTokens } from '../harness/journeys.ts';
import {
  createRotations,
  HOUR,
  PUBLISHED_SECONDS,
  RETIRED_SECONDS,
  type Rotations,
  statesOf,
} from './key-rotations.ts';
import {
  createJoseVerifier,
  createStubbornVerifier,
  kidOf,
  publishedKids,
  type Verifier,
} from './key-verifiers.ts';
import { createResident } from './residents.ts';

/** How long a container keeps the keys that it read. */
const KNOWN_FOR_SECONDS = 60;
const BEFORE = ['ES256 active', 'RS256 active'];

describe.each([
  ['one cell', ['eu']],
  ['three cells', ['eu', 'us', 'ap']],
])('with %s', (_, cells) => {
  let cloud: TestCloud;
  let rotations: Rotations;

  beforeAll(async () => {
    cloud = await startTestCloud({ cells });
    rotations = createRotations(cloud);
  });
  afterAll(async () => {
    rotations?.close();
    await cloud?.close();
  });

  test('a rotation leads both keys through their states, the same in every cell', async () => {
    const before = await rotations.recordedKeys();
    expect(statesOf(before)).toEqual(BEFORE);

    const execution = await rotations.start('on-demand');
    expect(rotations.view(execution).states.at(-1)?.name).toBe('WaitPublished');
    expect(statesOf(await rotations.recordedKeys())).toEqual([
      'ES256 active',
      'ES256 next',
      'RS256 active',
      'RS256 next',
    ]);

    await cloud.advance(PUBLISHED_SECONDS);
    expect(rotations.view(execution).states.at(-1)?.name).toBe('WaitRetired');
    expect(statesOf(await rotations.recordedKeys())).toEqual([
      'ES256 active',
      'ES256 retiring',
      'RS256 active',
      'RS256 retiring',
    ]);

    await cloud.advance(RETIRED_SECONDS);
    expect(rotations.view(execution)).toMatchObject({ status: 'SUCCEEDED' });
    const after = await rotations.recordedKeys();
    expect(statesOf(after)).toEqual(['ES256 active', 'ES256 gone', 'RS256 active', 'RS256 gone']);
    const gone = after.filter(({ state }) => state === 'gone').map(({ kid }) => kid);
    expect(gone.sort()).toEqual(before.map(({ kid }) => kid).sort());

    const active = after.filter(({ state }) => state === 'active');
    for (const cell of cells) {
      expect(await rotations.recordedKeys(cell)).toEqual(after);
      const usable = (await rotations.kmsKeys(cell)).filter(({ state }) => state === 'Enabled');
      expect(usable.map(({ keyId }) => keyId).sort()).toEqual(
        active.map(({ keyId }) => keyId).sort(),
      );
    }
  });

  test('no verifier with a cached key set meets a key that it does not know', async () => {
    const machine = await registerMachine(cloud);
    await cloud.flushReplication();
    const jwks = new URL('/oauth2/jwks', cloud.issuer);
    const verifiers: Array<Verifier> = [createJoseVerifier(jwks)];
    // One after the other: side by side, each would have a container started.
    for (const age of [0, 60, 120, 180, 240, 299]) {
      verifiers.push(await createStubbornVerifier(jwks, age));
    }
    const kids = new Set<string>();
    let alive: Array<string> = [];
    /** Every token that is still valid is checked by everybody. */
    const check = async () => {
      for (const [index, cell] of cells.entries()) {
        cloud.setEntry(cell);
        if (index === 0) alive = alive.filter((token) => !hasExpired(cloud, token));
        alive.push(requireText(await clientCredentials(cloud, machine), 'access_token'));
      }
      kids.add(kidOf(alive.at(-1) ?? ''));
      for (const verifier of verifiers) {
        for (const token of alive) await verifier.verify(token);
      }
    };
    const pass = async (seconds: number) => {
      await cloud.advance(seconds);
      await cloud.flushReplication();
      for (const verifier of verifiers) verifier.age(seconds);
      await check();
    };
    const passMinutes = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) await pass(60);
    };

    await check();
    const execution = await rotations.start('on-demand');
    await passMinutes(7);
    await pass(PUBLISHED_SECONDS - 8 * 60);
    await passMinutes(9);
    expect(rotations.view(execution).states.at(-1)?.name).toBe('WaitRetired');
    await pass(RETIRED_SECONDS - 4 * 60);
    await passMinutes(7);
    expect(rotations.view(execution).status).toBe('SUCCEEDED');
    expect(kids.size).toBe(2);
    cloud.setEntry(cells[0] ?? '');
  });

  test('started twice, the second one ends at once and changes nothing', async () => {
    const [first, second] = [
      await rotations.start('on-demand'),
      await rotations.start('on-demand'),
    ];
    const keys = await rotations.recordedKeys();
    expect(keys.filter(({ state }) => state === 'next')).toHaveLength(2);
    expect(rotations.view(second)).toMatchObject({ status: 'SUCCEEDED' });
    expect(rotations.view(second).states.at(-1)?.name).toBe('AlreadyRunning');
    expect((await rotations.finish(first)).states.at(-1)?.name).toBe('Rotated');
    expect(await rotations.recordedKeys()).toHaveLength(keys.length);
  });

  test('started twice at the same instant, one rotates and the other ends', async () => {
    const before = (await rotations.recordedKeys()).length;
    const both = await Promise.all([rotations.start('on-demand'), rotations.start('scheduled')]);
    const ends: Array<string | undefined> = [];
    for (const one of both) ends.push((await rotations.finish(one)).states.at(-1)?.name);
    expect(ends.sort()).toEqual(['AlreadyRunning', 'Rotated']);
    expect(await rotations.recordedKeys()).toHaveLength(before + 2);
  });

  test('in an emergency what the old keys signed is refused, and signing goes on', async () => {
    const { agent } =
      cells.length > 1 ? await createResident(cloud, 'us') : await createSignedIn(cloud);
    const shop: App = await registerApp(cloud);
    await cloud.flushReplication();
    const old = requireText(await obtainTokens(cloud, agent, shop), 'access_token');
    expect((await userinfo(cloud, old)).status).toBe(200);

    const execution = await rotations.start('emergency');
    expect(
      rotations
        .view(execution)
        .states.map(({ name }) => name)
        .slice(-6),
    ).toEqual([
      ...['IsEmergency', 'ActivateAtOnce', 'RevokeOld', 'AreRevoked', 'Release', 'Rotated'],
    ]);
    await cloud.flushReplication();
    await cloud.advance(KNOWN_FOR_SECONDS);
    for (const cell of cells) {
      cloud.setEntry(cell);
      expect((await userinfo(cloud, old)).status).toBe(401);
      expect(await publishedKids(cloud.issuer)).not.toContain(kidOf(old));
      const usable = (await rotations.kmsKeys(cell)).filter(({ state }) => state === 'Enabled');
      expect(usable).toHaveLength(2);
    }
    cloud.setEntry(cells[0] ?? '');
    const fresh = requireText(await obtainTokens(cloud, agent, shop), 'access_token');
    expect(kidOf(fresh)).not.toBe(kidOf(old));
    expect((await userinfo(cloud, fresh)).status).toBe(200);
  });

  test('an ID token is a hint long after its key has gone, unless that was an emergency', async () => {
    const resident = () => createResident(cloud, cells.at(-1) ?? '');
    const { agent } = cells.length > 1 ? await resident() : await createSignedIn(cloud);
    const shop = await registerApp(cloud);
    await cloud.flushReplication();
    const idToken = requireText(await obtainTokens(cloud, agent, shop), 'id_token');
    const signOut = async () => {
      await cloud.flushReplication();
      await cloud.advance(KNOWN_FOR_SECONDS);
      const { status, leadsTo } = await endSession(agent, shop, idToken);
      return { status, leadsTo: leadsTo?.href };
    };
    await rotations.finish(await rotations.start('on-demand'));
    expect(await publishedKids(cloud.issuer)).not.toContain(kidOf(idToken));
    expect(await signOut()).toEqual({ status: 303, leadsTo: shop.postLogoutRedirectUri });
    await rotations.start('emergency');
    // What had gone before is no more suspect than it was.
    expect((await signOut()).status).toBe(303);

    const { agent: later } = cells.length > 1 ? await resident() : await createSignedIn(cloud);
    const revoked = requireText(await obtainTokens(cloud, later, shop), 'id_token');
    await rotations.start('emergency');
    await cloud.flushReplication();
    await cloud.advance(KNOWN_FOR_SECONDS);
    const asked = await endSession(later, shop, revoked);
    expect([asked.status, asked.leadsTo]).toEqual([200, undefined]);
    expect(asked.body).toContain('Sign out?');
  });

  test('an emergency takes over from a rotation that is under way', async () => {
    const orderly = await rotations.start('on-demand');
    const emergency = await rotations.start('emergency');
    expect(rotations.view(emergency).states.at(-1)?.name).toBe('Rotated');
    await cloud.advance(PUBLISHED_SECONDS);
    expect(rotations.view(orderly)).toMatchObject({ status: 'FAILED' });
    const keys = await rotations.recordedKeys();
    expect(keys.filter(({ state }) => state !== 'gone')).toHaveLength(2);
    expect(statesOf(keys.filter(({ state }) => state === 'active'))).toEqual(BEFORE);
  });
});

test('the schedule starts a rotation when its time has come', async () => {
  const cloud = await startTestCloud({ parameters: { SigningKeyRotationDays: '30' } });
  const rotations = createRotations(cloud);
  try {
    await cloud.advance(30 * 24 * HOUR - 60);
    expect(cloud.cloud.executions()).toEqual([]);
    await cloud.advance(60);
    expect(cloud.cloud.executions()).toMatchObject([{ input: { mode: 'scheduled' } }]);
    expect(cloud.calls().find(({ operation }) => operation === 'StartExecution')).toMatchObject({
      principal: 'domicile-key-rotation',
      outcome: 'ok',
    });
  } finally {
    rotations.close();
    await cloud.close();
  }
});

function hasExpired(cloud: TestCloud, token: string): boolean {
  return (decodeJwt(token).exp ?? 0) * 1000 <= cloud.cloud.clock.nowMs();
}
