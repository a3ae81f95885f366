import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClientAssertions } from '../../functions/adapters/dynamodb/client-assertions.ts';
import { createClientRegistry } from '../../functions/adapters/dynamodb/client-registry.ts';
import { createClients } from '../../functions/adapters/dynamodb/clients.ts';
import type { ClientId } from '../../functions/core/ids.ts';
import type { ClientRegistry } from '../../functions/core/ports/clients.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { actingAt } from '../core/act-fixtures.ts';
import { clientWith, NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const BY = actingAt(NOW);

let local: LocalDynamo;
let registry: ClientRegistry;

beforeAll(async () => {
  local = await startLocalDynamo();
  registry = createClientRegistry({ dynamo: local.dynamo, directoryTable: local.table });
});
afterAll(() => local.close());

const named = (clientId: string) => ({ ...clientWith(), clientId: clientId as ClientId });

describe('the client registry', () => {
  it('gives back what was registered', async () => {
    const client = named('whole');
    expect(await registry.create(client, BY)).toBe(true);
    expect(await registry.find(client.clientId)).toEqual(client);
  });

  it('lets exactly one of twenty create an id', async () => {
    const created = await Promise.all(
      Array.from({ length: 20 }, () => registry.create(named('contested'), BY)),
    );
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it('never gives the id of a deleted client again: its grants would come back to life', async () => {
    const client = named('buried');
    await registry.create(client, BY);
    expect(await registry.delete(client.clientId, BY)).toBe(true);
    expect(await registry.find(client.clientId)).toBeUndefined();
    expect(await registry.create(client, BY)).toBe(false);
    expect(await registry.replace(client, client.updatedAt, BY)).toBe(false);
    expect(await registry.find(client.clientId)).toBeUndefined();
    const clients = createClients({ dynamo: local.dynamo, directoryTable: local.table });
    expect(await clients.find(client.clientId)).toBeUndefined();
  });

  it('lets exactly one of two operators who read the same state change it', async () => {
    const client = named('edited');
    await registry.create(client, BY);
    const changed = { ...client, updatedAt: addSeconds(NOW, 1) };
    const results = await Promise.all([
      registry.replace({ ...changed, clientName: 'A' }, NOW, BY),
      registry.replace({ ...changed, clientName: 'B' }, NOW, BY),
    ]);
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('lists all clients page by page, without those deleted', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `listed-${String(n).padStart(2, '0')}`);
    await Promise.all(ids.map((id) => registry.create(named(id), BY)));
    expect(await registry.delete('listed-07' as ClientId, BY)).toBe(true);
    expect(await registry.delete('listed-07' as ClientId, BY)).toBe(false);
    const found: Array<string> = [];
    let cursor: string | undefined;
    do {
      const page = await registry.list(cursor);
      found.push(...page.clients.map(({ clientId }) => clientId));
      cursor = page.cursor;
    } while (cursor !== undefined);
    const expected = ids.filter((id) => id !== 'listed-07');
    expect(found.filter((id) => id.startsWith('listed-'))).toEqual(expected);
  });
});

describe('the cache of clients', () => {
  const loads: Array<string> = [];
  let nowMs = 0;

  function newCache() {
    loads.length = 0;
    const dynamo = local.dynamo;
    dynamo.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName?.endsWith('GetItemCommand')) loads.push(commandName);
          return next(args);
        },
      { step: 'initialize', name: 'countLoads', override: true },
    );
    return createClients({ dynamo, directoryTable: local.table, nowMs: () => nowMs });
  }

  it('asks once a minute for a known client', async () => {
    await registry.create(named('known'), BY);
    const clients = newCache();
    const find = () => clients.find('known' as ClientId);
    await Promise.all([find(), find(), find()]);
    nowMs += 59_999;
    expect(await find()).toMatchObject({ clientId: 'known' });
    expect(loads).toHaveLength(1);
    nowMs += 1;
    await find();
    expect(loads).toHaveLength(2);
  });

  it('notices a new client after five seconds', async () => {
    const clients = newCache();
    const find = () => clients.find('late' as ClientId);
    expect(await find()).toBeUndefined();
    await registry.create(named('late'), BY);
    nowMs += 4999;
    expect(await find()).toBeUndefined();
    nowMs += 1;
    expect(await find()).toMatchObject({ clientId: 'late' });
  });

  it('asks once for many clients, and not for those that it knows', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `many-${n}` as ClientId);
    await Promise.all(ids.map((id) => registry.create(named(id), BY)));
    const clients = newCache();
    await clients.find('many-0' as ClientId);
    const asked = [...ids, ...ids, 'nobody', '../x'] as Array<ClientId>;
    expect([...(await clients.findAll(asked)).keys()]).toEqual(ids);
    expect(loads).toEqual(['GetItemCommand', 'BatchGetItemCommand']);
    expect((await clients.findAll(ids)).get('many-7' as ClientId)).toEqual(named('many-7'));
    expect(await clients.find('many-19' as ClientId)).toBeDefined();
    expect(await clients.find('nobody' as ClientId)).toBeUndefined();
    expect((await clients.findAll([])).size).toBe(0);
    expect(loads).toHaveLength(2);
  });

  it('asks by the hundred: no read takes more', async () => {
    const clients = newCache();
    const ids = Array.from({ length: 201 }, (_, n) => `absent-${n}` as ClientId);
    expect((await clients.findAll([...ids, 'many-0' as ClientId])).size).toBe(1);
    expect(loads).toHaveLength(3);
  });

  it('does not look for what cannot be an id', async () => {
    const clients = newCache();
    for (const id of ['', '../x', 'a b', 'x'.repeat(129)]) {
      expect(await clients.find(id as ClientId)).toBeUndefined();
    }
    expect(loads).toEqual([]);
  });
});

describe('client assertions', () => {
  it('are good once, however many come at the same time', async () => {
    const assertions = createClientAssertions({ dynamo: local.dynamo, dataTable: local.table });
    const consume = (client: string) =>
      assertions.consume(client as ClientId, 'jti-1', addSeconds(NOW, 300));
    const results = await Promise.all(Array.from({ length: 20 }, () => consume('app')));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await consume('another')).toBe(true);
  });
});
