/** The stream of the data table, as far as the functions that the template gives it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import { OPERATOR } from '../../local/infrastructure.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';

const CONSUMER = 'domicile-events';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ streams: 'live' });
});
afterAll(async () => {
  await cloud?.close();
});
beforeEach(async () => {
  await cloud.reset();
});

const tablesOf = () => {
  const dynamodb = cloud.cloud.infrastructure.regions.get(cloud.region)?.dynamodb;
  if (dynamodb === undefined) throw new Error('the region has no tables');
  return dynamodb;
};

/** A write that tells of an act; its id. */
async function act(kind = 'session.begun'): Promise<string> {
  const id = randomUUID();
  const at = String(Math.floor(cloud.cloud.clock.nowMs() / 1000));
  const told = {
    id: { S: id },
    kind: { S: kind },
    actor: { M: { type: { S: 'system' }, name: { S: 'test' } } },
    sub: { S: 'p-1' },
    at: { N: at },
  };
  const Item = { pk: { S: 'USER#p-1' }, sk: { S: `ACT#${id}` }, v: { N: '1' }, act: { M: told } };
  await tablesOf().handle({
    service: 'dynamodb',
    region: cloud.region,
    operation: 'PutItem',
    principal: OPERATOR,
    headers: {},
    input: { TableName: 'domicile-data-eu', Item },
  });
  return id;
}

/** How many records of the audit trail tell of the act. */
async function countRecords(id: string): Promise<number> {
  const records = await cloud.items('records');
  return records.filter((one) => /^AUDIT#/.test(String(one['pk'])) && tells(one, id)).length;
}

function tells(record: StoredItem, id: string): boolean {
  return JSON.stringify(record).includes(id);
}

describe('a live stream', () => {
  test('is followed by itself: what a write tells of is there once the clock has been moved', async () => {
    const id = await act();
    await cloud.advance(1);
    expect(await countRecords(id)).toBe(1);
  });

  test('is read with the role of the function that follows it', async () => {
    const since = cloud.mark();
    await act();
    await cloud.deliverStreams();
    const reads = cloud.calls(since).filter(({ operation }) => /Stream|Records/.test(operation));
    expect(reads.length).toBeGreaterThan(0);
    for (const { principal, resource, outcome } of reads) {
      expect({ principal, outcome }).toEqual({ principal: `${CONSUMER}-stream`, outcome: 'ok' });
      expect(resource).toContain(':table/domicile-');
    }
  });

  test('costs no invocation while nothing that is written tells of an act', async () => {
    await cloud.deliverStreams();
    const since = cloud.mark();
    await cloud.advance(60);
    const own = cloud.calls(since).filter(({ principal }) => principal === CONSUMER);
    expect(own).toEqual([]);
  });

  test.for(['crash-before', 'crash-after'] as const)(
    'is delivered again after a %s of the function, and told once',
    async (kind) => {
      cloud.fault({ service: 'dynamodb', operation: '*', principal: CONSUMER, kind });
      const id = await act();
      expect(await cloud.deliverStreams()).toBe(true);
      expect(cloud.cloud.faults.list()).toEqual([]);
      expect(await countRecords(id)).toBe(1);
    },
  );

  test('tells the queue of a record that cannot be read, and goes on behind it', async () => {
    await act('no.such-kind');
    const id = await act();
    expect(await cloud.deliverStreams()).toBe(true);
    expect(await countRecords(id)).toBe(1);
    const messages = cloud.queues().flatMap((queue) => queue.messages);
    expect(messages).toMatchObject([
      { body: { requestContext: { condition: 'RetryAttemptsExhausted' } } },
    ]);
    expect(JSON.stringify(messages)).not.toContain('p-1');
  });

  test('waits while the cell is down, and is delivered when it is back', async () => {
    await cloud.deliverStreams();
    await cloud.setCell('eu', 'down');
    const id = await act();
    expect(await cloud.deliverStreams()).toBe(false);
    await cloud.setCell('eu', 'up');
    expect(await cloud.deliverStreams()).toBe(true);
    expect(await countRecords(id)).toBe(1);
  });
});

describe('a table of a cell', () => {
  test('is restored by an operator beside the one that it was', async () => {
    const id = await act();
    await cloud.advance(600);
    const copy = await cloud.restore({ table: 'data', secondsAgo: 300 });
    expect(copy).toBe('domicile-data-eu-restored');
    const ids = (await cloud.items(copy)).map(({ sk }) => sk);
    expect(ids).toContain(`ACT#${id}`);
    const [cell] = await cloud.cloud.describeCells();
    expect(cell?.tables).toContain(copy);
    await cloud.reset();
    await expect(cloud.items(copy)).rejects.toThrow('no table');
  });

  test('is not restored to a moment that it cannot tell of', async () => {
    await expect(cloud.restore({ table: 'data', secondsAgo: 10 })).rejects.toThrow(
      'LatestRestorableDateTime',
    );
  });
});

test('a function whose role cannot read the stream is not deployed', async () => {
  const statement = cloud.cloud.infrastructure.authorizer
    .statements()
    .find(({ json }) => json['Sid'] === 'ReadStreams');
  const starting = startTestCloud({
    transformTemplate: (stack) => withoutStatement(stack, statement?.id ?? ''),
  });
  await expect(starting).rejects.toThrow('Cannot access stream');
});
