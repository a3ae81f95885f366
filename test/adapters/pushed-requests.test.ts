import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashSecret } from '../../functions/adapters/crypto/hash.ts';
import { decryptUnder } from '../../functions/adapters/crypto/reference-cipher.ts';
import { createPushedRequests } from '../../functions/adapters/dynamodb/pushed-requests.ts';
import { requireBounded } from '../../functions/core/authorization-parameter-limits.ts';
import type { AuthorizationRequest } from '../../functions/core/authorization-request.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import type { PushedRequests } from '../../functions/core/ports/pushed-requests.ts';
import { readRequestUri, toRequestUri } from '../../functions/core/pushed-request.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { Parameters } from '../../functions/http/parameters.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const APP = 'app' as ClientId;
const END = addSeconds(NOW, 90);
const REQUEST: AuthorizationRequest = {
  clientId: APP,
  redirectUri: 'https://app.example/callback',
  responseMode: 'query',
  scope: 'openid',
  state: 'a state',
  loginHint: 'ada@example.com',
  prompt: [],
  uiLocales: [],
  requestedAt: NOW,
};

let local: LocalDynamo;
let pushed: PushedRequests;

beforeAll(async () => {
  local = await startLocalDynamo();
  pushed = createPushedRequests({ dynamo: local.dynamo, dataTable: local.table });
});
afterAll(() => local.close());

describe('a pushed request', () => {
  it('comes back as it was pushed, once', async () => {
    const reference = await pushed.push(REQUEST, END);
    expect(await pushed.consume(reference, APP, NOW)).toEqual(REQUEST);
    expect(await pushed.consume(reference, APP, NOW)).toBeUndefined();
  });

  it('comes back once more when its use is undone, which its client alone can do', async () => {
    const reference = await pushed.push(REQUEST, END);
    await pushed.consume(reference, APP, NOW);
    await pushed.putBack(reference, 'other' as ClientId);
    expect(await pushed.consume(reference, APP, NOW)).toBeUndefined();
    await pushed.putBack(reference, APP);
    expect(await pushed.consume(reference, APP, NOW)).toEqual(REQUEST);
    expect(await pushed.consume(reference, APP, NOW)).toBeUndefined();
  });

  it('that nobody knows leaves nothing behind when its use is undone', async () => {
    await pushed.putBack('never-given', APP);
    expect(await pushed.consume('never-given', APP, NOW)).toBeUndefined();
  });

  it('names nobody but in its reference, which has to be whole', async () => {
    const expected = { ...REQUEST, subHint: 'ada' as Sub };
    const reference = await pushed.push(expected, END);
    const [random = '', hints = ''] = reference.split('.');
    const { Item: item } = await local.dynamo.send(
      new GetItemCommand({
        TableName: local.table,
        Key: { pk: { S: `PAR#${hashSecret(reference)}` }, sk: { S: 'PAR' } },
      }),
    );
    const opened = decryptUnder(
      reference,
      item?.['sealed']?.B ?? new Uint8Array(),
      'pushed-request',
    );
    expect(opened).toContain('a state');
    expect(opened).not.toContain('ada');

    for (const other of [random, `${random}.${hints.slice(1)}`, `${random}.${hints}A`]) {
      expect(await pushed.consume(other, APP, NOW)).toBeUndefined();
    }
    expect(await pushed.consume(reference, APP, NOW)).toEqual(expected);
  });

  it('of the longest hint there is has a request_uri that is read', async () => {
    const longest = { ...REQUEST, loginHint: '\u0001'.repeat(254), subHint: 'a'.repeat(22) as Sub };
    const reference = await pushed.push(longest, END);
    const requestUri = toRequestUri({ cell: 'eu', reference });
    expect(readRequestUri(requestUri)).toEqual({ cell: 'eu', reference });
    const parameters = Parameters.parse(
      new URLSearchParams({ request_uri: requestUri }).toString(),
    );
    expect(() => requireBounded(parameters)).not.toThrow();
    expect(await pushed.consume(reference, APP, NOW)).toEqual(longest);
  });

  it('goes to one of twenty who ask at once', async () => {
    const reference = await pushed.push(REQUEST, END);
    const asked = Array.from({ length: 20 }, () => pushed.consume(reference, APP, NOW));
    expect((await Promise.all(asked)).filter((found) => found !== undefined)).toHaveLength(1);
  });

  it("is not another client's, and stays usable when one tries (RFC 9126 §2.2)", async () => {
    const reference = await pushed.push(REQUEST, END);
    expect(await pushed.consume(reference, 'other' as ClientId, NOW)).toBeUndefined();
    expect(await pushed.consume(reference, APP, NOW)).toEqual(REQUEST);
  });

  it('ends by itself, whenever TTL removes it', async () => {
    const reference = await pushed.push(REQUEST, END);
    expect(await pushed.consume(reference, APP, END)).toBeUndefined();
  });

  it('is unknown under another reference', async () => {
    expect(await pushed.consume('never-given', APP, NOW)).toBeUndefined();
  });

  it('is stored so that nothing stored opens it, and no reference stands beside it', async () => {
    const reference = await pushed.push(REQUEST, END);
    const { Items: items = [] } = await local.dynamo.send(
      new ScanCommand({ TableName: local.table }),
    );
    const bytes = items.map((item) => Buffer.from(item['sealed']?.B ?? []).toString('latin1'));
    const stored = JSON.stringify(items) + bytes.join();
    for (const secret of ['ada@example.com', 'a state', reference]) {
      expect(stored).not.toContain(secret);
    }
  });
});
