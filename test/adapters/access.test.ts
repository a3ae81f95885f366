/** Ending what lets browsers and apps act as a person, while they go on acting. */
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGrantSecrets } from '../../functions/adapters/crypto/grant-secrets.ts';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { type Access, createAccess } from '../../functions/adapters/dynamodb/access.ts';
import { userPartition } from '../../functions/adapters/dynamodb/account-items.ts';
import { createGrants, type GrantStore } from '../../functions/adapters/dynamodb/grants.ts';
import { createSessions, type SessionStore } from '../../functions/adapters/dynamodb/sessions.ts';
import type { ClientId, GrantId, SessionId, Sub } from '../../functions/core/ids.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { actingAt } from '../core/act-fixtures.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, newKeyrings, startLocalDynamo } from './local-dynamo.ts';

const ROUNDS = 5;

let local: LocalDynamo;
let sessions: SessionStore;
let grants: GrantStore;
let access: Access;
let sub: Sub;
/** Happens after sessions were listed and before they are ended, in each round. */
let meanwhile: () => Promise<unknown>;
let rounds: number;

beforeAll(async () => {
  local = await startLocalDynamo();
  const { dynamo, table: dataTable } = local;
  const keyrings = newKeyrings();
  const { loadCell: loadKeyring } = keyrings;
  const sealer = createSealer(keyrings);
  sessions = createSessions({ dynamo, dataTable, sealer, idleLifetimeSeconds: 1000 });
  const secrets = createGrantSecrets({ sealer, loadKeyring, cell: 'eu' });
  grants = createGrants({ dynamo, dataTable, secrets, codeLifetimeSeconds: 60 });
  const end: SessionStore['end'] = async (of, ids, acting) => {
    rounds += 1;
    await meanwhile();
    await sessions.end(of, ids, acting);
  };
  access = createAccess({ dynamo, dataTable, sessions: { end }, grants });
});
afterAll(() => local.close());

beforeEach(() => {
  sub = randomToken() as Sub;
  rounds = 0;
  meanwhile = async () => undefined;
});

async function beginSession(): Promise<SessionId> {
  const sessionId = randomToken() as SessionId;
  const session = {
    ...{ sub, sessionId, amr: ['pwd'] },
    ...{ authTime: NOW, createdAt: NOW, lastSeenAt: NOW },
    absoluteExpiresAt: addSeconds(NOW, 5000),
  };
  const { put } = await sessions.preparing(session, undefined);
  const Item = put.Put?.Item;
  await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item }));
  return sessionId;
}

async function issueGrant(sessionId: SessionId): Promise<void> {
  const grant = {
    ...{ sub, sessionId, grantId: randomToken() as GrantId, clientId: 'app' as ClientId },
    ...{ scope: 'openid', redirectUri: 'https://app.example/', amr: ['pwd'], authTime: NOW },
  };
  await grants.issue(grant, actingAt(NOW));
}

/** Ids of sessions, and sessions of the grants that still work. */
async function standing(): Promise<{ sessions: Array<string>; grants: Array<string | undefined> }> {
  const { Items: items = [] } = await local.dynamo.send(
    new QueryCommand({
      TableName: local.table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: userPartition(sub) } },
    }),
  );
  const ids = items.map((item) => item['sk']?.S ?? '').filter((sk) => sk.startsWith('SESSION#'));
  return {
    sessions: ids.map((sk) => sk.slice('SESSION#'.length)),
    grants: items
      .filter((item) => item['sk']?.S?.startsWith('GRANT#') && item['state']?.S !== 'revoked')
      .map((item) => item['sessionId']?.S),
  };
}

describe('ending all others', () => {
  it('leaves one session with its grants, and nothing else', async () => {
    const [own, other] = [await beginSession(), await beginSession()];
    for (const session of [own, other, randomToken() as SessionId]) await issueGrant(session);
    await access.endOthers(sub, own, actingAt(NOW));
    expect(await standing()).toEqual({ sessions: [own], grants: [own] });
  });

  it('revokes a grant that another session got between being listed and being ended', async () => {
    const [own, other] = [await beginSession(), await beginSession()];
    meanwhile = async () => {
      if (rounds === 1) await issueGrant(other);
    };
    await access.endOthers(sub, own, actingAt(NOW));
    expect(await standing()).toEqual({ sessions: [own], grants: [] });
  });

  it('ends a session that begins meanwhile, and the grant that it got', async () => {
    const own = await beginSession();
    await beginSession();
    meanwhile = async () => {
      if (rounds === 1) await issueGrant(await beginSession());
    };
    await access.endOthers(sub, own, actingAt(NOW));
    expect(await standing()).toEqual({ sessions: [own], grants: [] });
  });

  it('comes to an end though somebody signs in again and again', async () => {
    const own = await beginSession();
    await issueGrant(await beginSession());
    meanwhile = beginSession;
    await access.endOthers(sub, own, actingAt(NOW));
    expect(rounds).toBe(ROUNDS);
    const left = await standing();
    expect(left.sessions).toContain(own);
    expect(left.sessions).toHaveLength(2);
    expect(left.grants).toEqual([]);
  });
});

describe('before a password change', () => {
  it('every grant is revoked already, and the transaction learns the sessions to delete', async () => {
    const begun = [await beginSession(), await beginSession()];
    for (const session of begun) await issueGrant(session);
    const ended = await access.beginEnding(sub, actingAt(NOW));
    expect([...ended].sort()).toEqual([...begun].sort());
    const left = await standing();
    expect(left.grants).toEqual([]);
    expect(left.sessions).toHaveLength(2);
  });

  it('a flood of grants holds nothing up: sessions come first, and the look is bounded', async () => {
    const own = await beginSession();
    for (let count = 0; count < 120; count += 1) await issueGrant(own);
    expect(await access.beginEnding(sub, actingAt(NOW))).toEqual([own]);
    expect((await standing()).grants).toHaveLength(21);
  });
});
