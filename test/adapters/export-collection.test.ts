import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newLabelKeyPair } from '../../functions/adapters/crypto/label-keys.ts';
import { newDataKey } from '../../functions/adapters/crypto/person-cipher.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { encodeAccount, encodeDataKey } from '../../functions/adapters/dynamodb/account-items.ts';
import { createCollectionReader } from '../../functions/adapters/dynamodb/export-collection.ts';
import { createSessions } from '../../functions/adapters/dynamodb/sessions.ts';
import type { Account } from '../../functions/core/account.ts';
import type { SessionId, Sub } from '../../functions/core/ids.ts';
import type { ReadExportPage } from '../../functions/core/ports/exports.ts';
import type {
  PrivacyRequest,
  PrivacyRequestId,
} from '../../functions/core/ports/privacy-requests.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, newKeyrings, startLocalDynamo } from './local-dynamo.ts';

const LABELS = ['Chrome on macOS', 'Safari on iPhone', undefined];
const ada = 'ada' as Sub;
const request = {
  ...{ requestId: 'request' as PrivacyRequestId, sub: ada, kind: 'export', state: 'collecting' },
  ...{ requestedAt: NOW, dueAt: NOW, actor: { type: 'person', sub: ada } },
} as PrivacyRequest;

let local: LocalDynamo;
let read: ReadExportPage;
let sent: Array<string> = [];

beforeAll(async () => {
  local = await startLocalDynamo();
  const { dynamo, table: dataTable, keyTable } = local;
  const keyrings = newKeyrings();
  const [dataKey, labelKeys] = [newDataKey(), newLabelKeyPair()];
  const put = (TableName: string, Item = {}) =>
    dynamo.send(new PutItemCommand({ TableName, Item }));
  const account: Account = {
    ...{ sub: ada, status: 'active', emailVerified: true, createdAt: NOW, updatedAt: NOW },
    attributes: { email: 'ada@example.com', locale: 'en' },
  };
  await put(dataTable, encodeAccount(account, dataKey, labelKeys));
  await put(keyTable, encodeDataKey(await keyrings.loadCell(), ada, dataKey));
  const sealer = createSealer(keyrings);
  const sessions = createSessions({ dynamo, dataTable, sealer, idleLifetimeSeconds: 1000 });
  for (const [index, userAgent] of LABELS.entries()) {
    const session = {
      ...{ sub: ada, sessionId: `session-${index}` as SessionId, amr: ['pwd'] },
      ...{ authTime: NOW, createdAt: NOW, lastSeenAt: NOW },
      absoluteExpiresAt: addSeconds(NOW, 5000),
      ...(userAgent !== undefined && { userAgent }),
    };
    const { put: item } = await sessions.preparing(session, labelKeys.publicKey);
    await put(dataTable, item.Put?.Item);
  }
  const send = dynamo.send.bind(dynamo);
  Object.assign(dynamo, {
    send: (command: Parameters<typeof send>[0]) => {
      sent.push(command.constructor.name);
      return send(command);
    },
  });
  read = createCollectionReader({
    ...{ dynamo, dataTable, keyTable, loadKeyring: keyrings.loadCell },
    clients: { find: async () => undefined },
  });
});
beforeEach(() => {
  sent = [];
});
afterAll(() => local.close());

describe('sessions in an export', () => {
  // Large collections have their sessions far behind their account.
  it.each([
    ['on the page of the account', undefined, 4],
    ['on a page without it', 'HOLD#', 3],
  ])('tell their browsers %s, and the person’s keys are read once', async (_, cursor, items) => {
    const { records } = await read(request, cursor, NOW);
    expect(records).toHaveLength(items);
    const sessions = records.filter(({ section }) => section === 'sessions');
    expect(sessions.map(({ record }) => record['device'])).toEqual(LABELS);
    expect(sent).toEqual(['QueryCommand', 'BatchGetItemCommand']);
  });
});
