import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGrantSecrets } from '../../functions/adapters/crypto/grant-secrets.ts';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { userPartition } from '../../functions/adapters/dynamodb/account-items.ts';
import { createGrantFamilies } from '../../functions/adapters/dynamodb/grant-families.ts';
import { GRANT_PREFIX } from '../../functions/adapters/dynamodb/grant-items.ts';
import { createGrantUpdate } from '../../functions/adapters/dynamodb/grant-updates.ts';
import { createGrants, type GrantStore } from '../../functions/adapters/dynamodb/grants.ts';
import { itemsOfPerson, pagesOfPerson } from '../../functions/adapters/dynamodb/person-queries.ts';
import type { Grant } from '../../functions/core/grant.ts';
import type { ClientId, GrantId, SessionId, Sub } from '../../functions/core/ids.ts';
import type { Grants, Redemption, Rotation } from '../../functions/core/ports/grants.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { actingAt } from '../core/act-fixtures.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, newKeyrings, startLocalDynamo } from './local-dynamo.ts';

const APP = 'app' as ClientId;
const OTHER = 'other' as ClientId;
const GRACE = 10;
const IDLE = 1000;
const ABSOLUTE = 2500;

let local: LocalDynamo;
let issuer: GrantStore;
let families: Grants;
let grant: Grant;

beforeAll(async () => {
  local = await startLocalDynamo();
  const keyrings = newKeyrings();
  const { loadCell: loadKeyring } = keyrings;
  const sealer = createSealer(keyrings);
  const secrets = createGrantSecrets({ sealer, loadKeyring, cell: 'eu' });
  const { dynamo, table: dataTable } = local;
  issuer = createGrants({ dynamo, dataTable, secrets, codeLifetimeSeconds: 60 });
  families = createGrantFamilies({
    update: createGrantUpdate(dynamo, dataTable),
    secrets,
    lifetimes: {
      accessTokenSeconds: 300,
      refreshTokenIdleSeconds: IDLE,
      refreshTokenAbsoluteSeconds: ABSOLUTE,
      refreshTokenGraceSeconds: GRACE,
    },
  });
});
afterAll(() => local.close());

beforeEach(() => {
  grant = {
    grantId: randomToken() as GrantId,
    sub: randomToken() as Sub,
    clientId: APP,
    sessionId: 'session' as SessionId,
    scope: 'openid offline_access',
    redirectUri: 'https://app.example/callback',
    codeChallenge: 'c'.repeat(43),
    authTime: NOW,
    amr: ['pwd'],
  };
});

const at = (seconds: number) => addSeconds(NOW, seconds);

async function redeem(code: string, seconds = 0, clientId = APP): Promise<Redemption> {
  const opened = await families.open(code, at(seconds));
  if (opened?.kind !== 'code') throw new Error('it is no code');
  return families.redeem(opened, { clientId, refreshable: true, acting: actingAt(at(seconds)) });
}

/** Undefined when the token is past the end of its family: it does not even open. */
async function rotate(
  token: string,
  seconds: number,
  clientId = APP,
): Promise<Rotation | undefined> {
  const opened = await families.open(token, at(seconds));
  if (opened?.kind === 'code') throw new Error('it is no refresh token');
  return opened && families.rotate(opened, { clientId, acting: actingAt(at(seconds)) });
}

/** As after a signature that failed. */
async function undo(presented: string, seconds = 0) {
  const opened = await families.open(presented, at(seconds));
  if (opened?.kind === 'code') await families.reopen(opened);
  else if (opened !== undefined) await families.prolongGrace(opened, at(seconds));
}

async function newFamily(): Promise<string> {
  const redeemed = await redeem(await issuer.issue(grant, actingAt(NOW)));
  if (redeemed.outcome !== 'redeemed') throw new Error(redeemed.detail);
  return redeemed.refreshToken ?? '';
}

const whereItIs = () => ({ dynamo: local.dynamo, dataTable: local.table });

/** Of all grants of a person. */
async function statesOf(sub: Sub): Promise<Array<string>> {
  const items = await itemsOfPerson(whereItIs(), sub, GRANT_PREFIX);
  return items.map((item) => item['state']?.S ?? '');
}

async function successor(token: string, seconds: number): Promise<string> {
  const rotated = await rotate(token, seconds);
  if (rotated?.outcome !== 'rotated') throw new Error(rotated?.detail);
  return rotated.refreshToken;
}

describe('an authorization code', () => {
  it('yields the grant that it was issued for', async () => {
    const redeemed = await redeem(await issuer.issue(grant, actingAt(NOW)));
    expect(redeemed).toMatchObject({ outcome: 'redeemed', grant });
  });

  it('works until its last second', async () => {
    expect((await redeem(await issuer.issue(grant, actingAt(NOW)), 59)).outcome).toBe('redeemed');
    const late = { ...grant, grantId: randomToken() as GrantId };
    const code = await issuer.issue(late, actingAt(NOW));
    expect(await redeem(code, 60)).toEqual({ outcome: 'refused', detail: 'the code has expired' });
  });

  it('is refused to another client and stays good for its own', async () => {
    const code = await issuer.issue(grant, actingAt(NOW));
    expect((await redeem(code, 0, OTHER)).outcome).toBe('refused');
    expect((await redeem(code)).outcome).toBe('redeemed');
  });

  it('presented by 200 at once is redeemed by one, and that family is revoked', async () => {
    const code = await issuer.issue(grant, actingAt(NOW));
    const results = await Promise.all(Array.from({ length: 200 }, () => redeem(code)));
    const won = results.filter(({ outcome }) => outcome === 'redeemed');
    expect(won).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(199);
    const [winner] = won;
    const token = winner?.outcome === 'redeemed' ? (winner.refreshToken ?? '') : '';
    expect(await rotate(token, 1)).toEqual({
      outcome: 'refused',
      detail: 'the family was revoked',
    });
  });

  it('that is forged or from another cell is not even looked up', async () => {
    const code = await issuer.issue(grant, actingAt(NOW));
    expect(await families.open(`us${code.slice(2)}`, NOW)).toBeUndefined();
    expect(await families.open(`${code.slice(0, -4)}AAAA`, NOW)).toBeUndefined();
    expect(await families.open('', NOW)).toBeUndefined();
  });

  it('can be redeemed again after it was reopened, but not after a replay', async () => {
    const code = await issuer.issue(grant, actingAt(NOW));
    await redeem(code);
    await undo(code);
    expect((await redeem(code)).outcome).toBe('redeemed');
    await redeem(code);
    await undo(code);
    expect((await redeem(code)).outcome).toBe('replayed');
  });

  it('names its session, a refresh token what was granted and until when', async () => {
    const { sub, grantId, sessionId, scope } = grant;
    const code = await families.open(await issuer.issue(grant, actingAt(NOW)), NOW);
    expect(code).toMatchObject({ kind: 'code', sub, grantId, sessionId });
    const token = await families.open(await newFamily(), NOW);
    const kind = 'refresh-token';
    expect(token).toMatchObject({ kind, sub, grantId, scope, familyEndsAt: at(ABSOLUTE) });
  });
});

describe('a refresh token', () => {
  it('carries its resources to each successor (RFC 8707 §2)', async () => {
    const resources = ['https://api.example'];
    grant = { ...grant, resources };
    const first = await newFamily();
    expect(await families.open(first, NOW)).toMatchObject({ resources });
    expect(await rotate(first, 0)).toMatchObject({ grant: { resources } });
    expect(await families.open(await successor(first, 1), NOW)).toMatchObject({ resources });
  });

  it('is replaced at each use', async () => {
    const first = await newFamily();
    const second = await successor(first, 1);
    const third = await successor(second, 2);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it('presented by 200 at once leaves one family state: all get the same successor', async () => {
    const token = await newFamily();
    const results = await Promise.all(Array.from({ length: 200 }, () => rotate(token, 1)));
    const tokens = results.map((r) => (r?.outcome === 'rotated' ? r.refreshToken : ''));
    // Sealed differently each time, the secret inside is the one and only current one.
    const next = await Promise.all(tokens.map((t) => rotate(t, 1)));
    expect(new Set(next.map((r) => r?.outcome))).toEqual(new Set(['rotated']));
    expect((await rotate(token, 1))?.outcome).toBe('reused');
  });

  it('within its grace yields the same successor, which goes on working', async () => {
    const token = await newFamily();
    const lost = await successor(token, 1);
    const again = await successor(token, 1 + GRACE - 1);
    await successor(again, 20);
    // The reply that seemed lost holds the token that was just superseded.
    expect((await rotate(lost, 21))?.outcome).toBe('rotated');
  });

  it('after its grace revokes the family: also the thief’s or the owner’s newer one', async () => {
    const token = await newFamily();
    const next = await successor(token, 1);
    expect((await rotate(token, 1 + GRACE))?.outcome).toBe('reused');
    expect((await rotate(next, 1 + GRACE))?.outcome).toBe('refused');
  });

  it('two generations old revokes the family even within the grace', async () => {
    const token = await newFamily();
    await successor(await successor(token, 1), 2);
    expect((await rotate(token, 3))?.outcome).toBe('reused');
  });

  it('stays good after a failed signature until its successor is used', async () => {
    const token = await newFamily();
    await successor(token, 1);
    await undo(token, 1);
    const next = await successor(token, 300);
    await successor(next, 300);
    expect((await rotate(token, 300))?.outcome).toBe('reused');
  });

  it('stays good after a failed signature for five minutes and no longer', async () => {
    const token = await newFamily();
    await successor(token, 1);
    await undo(token, 1);
    expect((await rotate(token, 301))?.outcome).toBe('reused');
  });

  it('tells when its family ends unless it is used again', async () => {
    const token = await newFamily();
    expect(await rotate(token, 1)).toMatchObject({ endsAt: at(1 + IDLE) });
    expect(await rotate(token, 2)).toMatchObject({ endsAt: at(1 + IDLE) });
    const late = await successor(await successor(await newFamily(), 900), 1800);
    expect(await rotate(late, 1900)).toMatchObject({ endsAt: at(ABSOLUTE) });
  });

  it('is refused to another client without harm to its own', async () => {
    const token = await newFamily();
    expect((await rotate(token, 1, OTHER))?.outcome).toBe('refused');
    expect((await rotate(token, 1))?.outcome).toBe('rotated');
  });

  it('ends after the idle time and, however busy, at the absolute one', async () => {
    expect((await rotate(await newFamily(), IDLE))?.outcome).toBe('refused');
    grant = { ...grant, grantId: randomToken() as GrantId };
    let token = await newFamily();
    for (const seconds of [900, 1800, ABSOLUTE - 1]) token = await successor(token, seconds);
    expect(await rotate(token, ABSOLUTE)).toBeUndefined();
  });
});

describe('revocation', () => {
  it('by the client ends the family, twice is as good as once', async () => {
    const token = await newFamily();
    expect(await families.revoke(grant, OTHER, actingAt(NOW))).toBe('another-clients');
    expect(await families.revoke(grant, APP, actingAt(NOW))).toBe('revoked');
    expect(await families.revoke(grant, APP, actingAt(NOW))).toBe('revoked');
    expect((await rotate(token, 1))?.outcome).toBe('refused');
  });

  it('with a session spares offline access and other sessions', async () => {
    const token = await newFamily();
    const online = { ...grant, grantId: randomToken() as GrantId, scope: 'openid' };
    const onlineCode = await issuer.issue(online, actingAt(NOW));
    const elsewhere = {
      ...online,
      grantId: randomToken() as GrantId,
      sessionId: 's2' as SessionId,
    };
    const elsewhereCode = await issuer.issue(elsewhere, actingAt(NOW));
    const options = { acting: actingAt(NOW), offlineAccess: 'spared' } as const;
    await issuer.revokeOfSessions(grant.sub, [grant.sessionId], options);
    expect((await rotate(token, 1))?.outcome).toBe('rotated');
    expect((await redeem(onlineCode)).outcome).not.toBe('redeemed');
    expect((await redeem(elsewhereCode)).outcome).toBe('redeemed');
  });

  it('with a session from afar includes offline access', async () => {
    const token = await newFamily();
    const options = { acting: actingAt(at(1)), offlineAccess: 'included' } as const;
    await issuer.revokeOfSessions(grant.sub, [grant.sessionId], options);
    expect((await rotate(token, 1))?.outcome).toBe('refused');
  });

  it('is not spent on codes that nobody redeemed in time, nor on families that ended', async () => {
    await newFamily();
    for (let count = 0; count < 3; count += 1) {
      await issuer.issue({ ...grant, grantId: randomToken() as GrantId }, actingAt(NOW));
    }
    const revokeAt = async (seconds: number) => {
      const options = { acting: actingAt(at(seconds)), offlineAccess: 'included' } as const;
      await issuer.revokeOfSessions(grant.sub, [grant.sessionId], options);
      return (await statesOf(grant.sub)).sort();
    };
    expect(await revokeAt(IDLE)).toEqual(['issued', 'issued', 'issued', 'open']);
    expect(await revokeAt(120)).toEqual(['issued', 'issued', 'issued', 'revoked']);
    // A redemption that began in time may still be under way.
    expect(await revokeAt(119)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
  });

  it('reaches all of a person’s, however many pages they fill, and nothing else of theirs', async () => {
    const pk = { S: userPartition(grant.sub) };
    // Three of these are more than a page of 1 MB.
    const filling = { S: 'x'.repeat(350_000) };
    const sortKeys = ['GRANT#1', 'GRANT#2', 'GRANT#3', 'GRANT#4', 'HOLD#1'];
    for (const sk of sortKeys) {
      const Item = { pk, sk: { S: sk }, filling };
      await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item }));
    }
    const pages: Array<ReadonlyArray<string | undefined>> = [];
    for await (const page of pagesOfPerson(whereItIs(), grant.sub, GRANT_PREFIX)) {
      pages.push(page.map(({ sk }) => sk?.S));
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(sortKeys.slice(0, 4));
    expect(await itemsOfPerson(whereItIs(), grant.sub, GRANT_PREFIX)).toHaveLength(4);
  });
});
