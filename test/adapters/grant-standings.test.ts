import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { grantKey } from '../../functions/adapters/dynamodb/grant-items.ts';
import { createGrantStandings } from '../../functions/adapters/dynamodb/grant-standings.ts';
import { createHomes } from '../../functions/adapters/dynamodb/homes.ts';
import { subKey } from '../../functions/adapters/dynamodb/identifier-items.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { OpenedRefreshToken } from '../../functions/core/ports/grants.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const END = addSeconds(NOW, 1000);
const SUB = 'ada' as Sub;

let local: LocalDynamo;
beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.close());

const standingsIn = (homesTable?: string) =>
  createGrantStandings({ dynamo: local.dynamo, dataTable: local.table, homesTable });

async function put(item: Record<string, AttributeValue>, table = local.table): Promise<void> {
  await local.dynamo.send(new PutItemCommand({ TableName: table, Item: item }));
}

/** A family whose newest secret is `new` and whose superseded one, `old`, has 10 s of grace. */
const family = (grantId: string, state = 'open', sub = SUB) => ({
  ...grantKey(sub, grantId),
  ...{ state: { S: state }, clientId: { S: 'app' }, expiresAt: { N: String(END) } },
  refreshHash: { S: hashSecret('new') },
  previousHash: { S: hashSecret('old') },
  previousUntil: { N: String(addSeconds(NOW, 10)) },
});

const token = (secret: string, grantId: string): OpenedRefreshToken => ({
  ...{ kind: 'refresh-token', sub: SUB, grantId, secret, scope: 'openid', familyEndsAt: END },
});

describe('how a refresh token stands', () => {
  it.each<[string, string, EpochSeconds, boolean]>([
    ['the newest counts', 'new', NOW, true],
    ['the one before counts within its grace', 'old', addSeconds(NOW, 9), true],
    ['and not after it', 'old', addSeconds(NOW, 10), false],
    ['an older one does not count', 'older', NOW, false],
    ['none counts once the family has ended', 'new', END, false],
  ])('%s', async (_promise, secret, now, isActive) => {
    await put(family('f'));
    const standing = await standingsIn().ofRefreshToken(token(secret, 'f'), now);
    expect(standing).toEqual(isActive ? { clientId: 'app', endsAt: END } : undefined);
  });

  it.each(['issued', 'revoked'])('in a family that is %s it does not count', async (state) => {
    await put(family('g', state));
    expect(await standingsIn().ofRefreshToken(token('new', 'g'), NOW)).toBeUndefined();
  });

  it('of a family that is gone it does not count', async () => {
    expect(await standingsIn().ofRefreshToken(token('new', 'gone'), NOW)).toBeUndefined();
  });
});

describe('how an access token stands', () => {
  it('counts as long as its grant is open', async () => {
    await put(family('h'));
    const pointer = { sub: SUB, grantId: 'h' };
    const standings = standingsIn();
    expect(await standings.ofAccessToken(pointer, NOW)).toEqual({ isOpen: true, isKnown: true });
    expect(await standings.ofAccessToken(pointer, END)).toEqual({ isOpen: false, isKnown: true });
  });

  it('says where its person lives, with the same read, when there are several cells', async () => {
    await put({ ...subKey(SUB), cell: { S: 'us' } }, local.keyTable);
    const standings = standingsIn(local.keyTable);
    const pointer = { sub: SUB, grantId: 'nowhere' };
    expect(await standings.ofAccessToken(pointer, NOW)).toEqual({
      ...{ isOpen: false, isKnown: false, home: 'us' },
    });
  });
});

describe('where somebody lives', () => {
  const homesOf = (primary: boolean) =>
    createHomes({
      dynamo: local.dynamo,
      directoryTable: local.table,
      primary: primary ? local.dynamo : undefined,
    });

  it('is what the own replica says', async () => {
    await put({ ...subKey('bob' as Sub), cell: { S: 'ap' } });
    expect(await homesOf(false).find('bob' as Sub)).toBe('ap');
  });

  it('is asked of the primary region when the replica does not know', async () => {
    const homes = createHomes({
      dynamo: local.dynamo,
      directoryTable: local.keyTable,
      primary: local.dynamo,
    });
    await put({ ...subKey('cleo' as Sub), cell: { S: 'us' } }, local.keyTable);
    expect(await homes.findInPrimary('cleo' as Sub)).toBe('us');
    expect(await homesOf(true).find('nobody' as Sub)).toBeUndefined();
  });

  it('is nothing to ask of the primary region in the primary region', async () => {
    expect(await homesOf(false).findInPrimary('bob' as Sub)).toBeUndefined();
  });
});
