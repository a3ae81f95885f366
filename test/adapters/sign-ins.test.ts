import { PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGrantSecrets } from '../../functions/adapters/crypto/grant-secrets.ts';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { newLabelKeyPair } from '../../functions/adapters/crypto/label-keys.ts';
import { newDataKey } from '../../functions/adapters/crypto/person-cipher.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { encodeAccount, userPartition } from '../../functions/adapters/dynamodb/account-items.ts';
import { createAccounts, putPassword } from '../../functions/adapters/dynamodb/accounts.ts';
import { createGrants, type GrantStore } from '../../functions/adapters/dynamodb/grants.ts';
import { createSessions, type SessionStore } from '../../functions/adapters/dynamodb/sessions.ts';
import { createSignIns } from '../../functions/adapters/dynamodb/sign-ins.ts';
import type { Account } from '../../functions/core/account.ts';
import type { Grant } from '../../functions/core/grant.ts';
import type {
  ClientId,
  GrantId,
  IdentifierHash,
  SessionId,
  Sub,
} from '../../functions/core/ids.ts';
import type { SignIns } from '../../functions/core/ports/sign-ins.ts';
import type { Session } from '../../functions/core/session.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { actingAt } from '../core/act-fixtures.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, newKeyrings, startLocalDynamo } from './local-dynamo.ts';

const OLD = 'hash of the old password';
const NEW = 'hash of the new password';
const LATER = addSeconds(NOW, 10);

let local: LocalDynamo;
let sessions: SessionStore;
let grants: GrantStore;
let signIns: SignIns;
/** Runs once, right before the next transaction is sent: what happens while a request thinks. */
let meanwhile: (() => Promise<unknown>) | undefined;
let sub: Sub;

beforeAll(async () => {
  local = await startLocalDynamo();
  const { dynamo, table: dataTable, keyTable } = local;
  const send = dynamo.send.bind(dynamo);
  Object.assign(dynamo, {
    send: async (command: Parameters<typeof send>[0]) => {
      const happening = meanwhile;
      if (happening !== undefined && command instanceof TransactWriteItemsCommand) {
        meanwhile = undefined;
        await happening();
      }
      return send(command);
    },
  });
  const keyrings = newKeyrings();
  const { loadCell: loadKeyring } = keyrings;
  const sealer = createSealer(keyrings);
  sessions = createSessions({ dynamo, dataTable, sealer, idleLifetimeSeconds: 1000 });
  const secrets = createGrantSecrets({ sealer, loadKeyring, cell: 'eu' });
  grants = createGrants({ dynamo, dataTable, secrets, codeLifetimeSeconds: 60 });
  const tables = { dynamo, directoryTable: dataTable, dataTable, keyTable };
  signIns = createSignIns({
    ...{ ...tables, cell: 'eu', sessions, grants, loadKeyring },
    remoteClaims: undefined,
  });
});
afterAll(() => local.close());

beforeEach(async () => {
  sub = randomToken() as Sub;
  meanwhile = undefined;
  await putAccount('active');
});

async function putAccount(status: Account['status']): Promise<void> {
  const account: Account = {
    ...{
      sub,
      status,
      emailVerified: true,
      createdAt: NOW,
      updatedAt: NOW,
      terms: { url: 'https://example.com/terms', acceptedAt: NOW },
    },
    attributes: { email: 'ada@example.com', locale: 'en' },
  };
  const Item = encodeAccount(account, newDataKey(), newLabelKeyPair());
  await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item }));
  const { Put: password } = putPassword(local.table, sub, OLD, NOW);
  await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item: password?.Item }));
}

function newSession(): Session {
  return {
    ...{ sub, sessionId: randomToken() as SessionId, amr: ['pwd'] },
    ...{ authTime: NOW, createdAt: NOW, lastSeenAt: NOW },
    absoluteExpiresAt: addSeconds(NOW, 5000),
  };
}

function newGrant({ sessionId }: Session): Grant {
  return {
    ...{ sub, sessionId, grantId: randomToken() as GrantId, clientId: 'app' as ClientId },
    ...{ scope: 'openid offline_access', redirectUri: 'https://app.example/', amr: ['pwd'] },
    authTime: NOW,
  };
}

async function begin(session = newSession(), verifiedHash = OLD, renewedHash?: string) {
  const identifier = `identifier of ${sub}` as IdentifierHash;
  const begun = await signIns.begin({
    ...{ session, grant: newGrant(session), verifiedHash, attempts: { identifier }, now: NOW },
    labelKey: undefined,
    acting: actingAt(NOW),
    ...(renewedHash !== undefined && { renewedHash }),
  });
  return { session, begun };
}

function change(session: Session) {
  return signIns.changePassword({
    session,
    labelKey: undefined,
    verifiedHash: OLD,
    newHash: NEW,
    acting: actingAt(LATER),
  });
}

/** Changes the password as the portal does. */
async function changeAndEndOthers(session: Session): Promise<Session> {
  const changed = await change(session);
  if (changed.outcome === 'outdated') throw new Error('outdated');
  await signIns.endOthers(changed.session, actingAt(LATER));
  return changed.session;
}

/** What is there of a person: ids of sessions, and states of grants. */
async function standing(): Promise<{ sessions: Array<string>; grants: Array<string> }> {
  const items = [];
  for (const prefix of ['SESSION#', 'GRANT#']) {
    const values = { ':pk': { S: userPartition(sub) }, ':prefix': { S: prefix } };
    const page = await local.dynamo.send(
      new QueryCommand({
        TableName: local.table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: values,
      }),
    );
    items.push(page.Items ?? []);
  }
  const [ofSessions = [], ofGrants = []] = items;
  return {
    sessions: ofSessions.map((item) => item['sk']?.S?.slice('SESSION#'.length) ?? ''),
    grants: ofGrants.map((item) => item['state']?.S ?? ''),
  };
}

describe('a password change', () => {
  it('ends a session that began with the old password while the change was under way', async () => {
    const { session } = await begin();
    meanwhile = async () => expect((await begin()).begun.outcome).toBe('begun');
    const kept = await changeAndEndOthers(session);
    expect(await standing()).toEqual({
      sessions: [kept.sessionId],
      grants: ['revoked', 'revoked'],
    });
  });

  it('ends a grant that a racing session got while others were being ended', async () => {
    const { session } = await begin();
    const { session: racer } = await begin();
    meanwhile = () => grants.issue(newGrant(racer), actingAt(NOW));
    await changeAndEndOthers(session);
    expect((await standing()).grants).toEqual(['revoked', 'revoked', 'revoked']);
  });

  it('refuses a sign-in whose password was verified before', async () => {
    const { session } = await begin();
    meanwhile = () => changeAndEndOthers(session);
    expect((await begin()).begun).toEqual({ outcome: 'outdated' });
  });

  it('gives the session another id and cookie, so that a copy of the old one is dead', async () => {
    const { session, begun } = await begin();
    const cookie = begun.outcome === 'begun' ? begun.sessionCookie : '';
    const stolen = await sessions.locate(cookie, LATER);
    expect(stolen && (await sessions.find(stolen, LATER))).toBeDefined();
    const changed = await change(session);
    expect(stolen && (await sessions.find(stolen, LATER))).toBeUndefined();
    if (changed.outcome === 'outdated') throw new Error('outdated');
    expect(changed.session.sessionId).not.toBe(session.sessionId);
    const own = await sessions.locate(changed.sessionCookie, LATER);
    expect(own && (await sessions.find(own, LATER))).toEqual(changed.session);
  });

  it('ends the grants of the very session that made it, offline access included', async () => {
    const { session } = await begin();
    const kept = await changeAndEndOthers(session);
    expect((await standing()).grants).toEqual(['revoked']);
    await grants.issue(newGrant(kept), actingAt(LATER));
    await signIns.endOthers(kept, actingAt(LATER));
    expect((await standing()).grants.sort()).toEqual(['issued', 'revoked']);
  });

  it('is written first however many sessions there are, and ends them all', async () => {
    const { session } = await begin();
    for (let count = 0; count < 130; count += 1) {
      const { put } = await sessions.preparing(newSession(), undefined);
      const Item = put.Put?.Item;
      await local.dynamo.send(new PutItemCommand({ TableName: local.table, Item }));
    }
    let waiting = -1;
    meanwhile = async () => {
      waiting = (await standing()).sessions.length;
    };
    const kept = await changeAndEndOthers(session);
    expect(waiting).toBe(131);
    expect((await standing()).sessions).toEqual([kept.sessionId]);
  });

  it('can have its ending of others repeated', async () => {
    const { session } = await begin();
    const kept = await changeAndEndOthers(session);
    await signIns.endOthers(kept, actingAt(LATER));
    expect((await standing()).sessions).toEqual([kept.sessionId]);
  });
});

describe('a sign-in', () => {
  it('is refused once the account is disabled, though the password was verified before', async () => {
    meanwhile = () => putAccount('disabled');
    expect((await begin()).begun).toEqual({ outcome: 'outdated' });
    expect(await standing()).toEqual({ sessions: [], grants: [] });
  });

  it('that hashes the password anew does not count as a change of it', async () => {
    await begin(newSession(), OLD, 'the same, at a higher cost');
    const accounts = createAccounts({ dynamo: local.dynamo, dataTable: local.table });
    expect(await accounts.findForSignIn(sub)).toMatchObject({
      passwordHash: 'the same, at a higher cost',
      passwordChangedAt: NOW,
    });
  });
});
