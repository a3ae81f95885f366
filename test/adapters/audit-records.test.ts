/** Acts become records: once each, whenever and however often they are delivered. */
import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createAuditHours } from '../../functions/adapters/dynamodb/audit-hours.ts';
import { recordKey } from '../../functions/adapters/dynamodb/audit-items.ts';
import {
  type AuditRecords,
  createAuditRecords,
} from '../../functions/adapters/dynamodb/audit-records.ts';
import { createAuditTrail } from '../../functions/adapters/dynamodb/audit-trail.ts';
import type { Act } from '../../functions/core/audit/act.ts';
import { parseRecord } from '../../functions/core/audit/audit-record.ts';
import { hourOf, nextHour, startOf } from '../../functions/core/audit/hours.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { AuditPage, AuditQuery } from '../../functions/core/ports/audit-trail.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const HOUR = 3600;

let local: LocalDynamo;
let now: EpochSeconds;
let records: AuditRecords;
/** Its own for each test: hours and indexes are shared by all that lie in the table. */
let start: EpochSeconds = startOf(hourOf(NOW));

beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.close());

beforeEach(() => {
  start = addSeconds(start, 100 * HOUR);
  now = addSeconds(start, 60);
  records = createRecords();
});

function createRecords(dynamo = local.dynamo): AuditRecords {
  return createAuditRecords({
    dynamo,
    recordsTable: local.table,
    retentionDays: 30,
    now: () => now,
  });
}

function newAct(more: Partial<Act> = {}): Act {
  const sub = randomToken() as Sub;
  return {
    id: randomToken(),
    kind: 'session.begun',
    actor: { type: 'person', sub },
    sub,
    at: now,
    ...more,
  };
}

async function recordsOf(hour = hourOf(start)) {
  const texts = [];
  for await (const page of hours().records(hour)) texts.push(...page);
  return texts.map(parseRecord);
}

const hours = () => createAuditHours({ dynamo: local.dynamo, recordsTable: local.table });
const trail = () =>
  createAuditTrail({ dynamo: local.dynamo, recordsTable: local.table, now: () => now });

async function findAll(query: Partial<AuditQuery>): Promise<AuditPage['records']> {
  const found: Array<AuditPage['records'][number]> = [];
  let cursor: string | undefined;
  do {
    const page = await trail().find({ until: addSeconds(now, 1), ...query }, cursor);
    expect(page.missing).toEqual([]);
    found.push(...page.records);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** A client that is cut off at a call: before it is made, or before its answer is read. */
function cutOffAt(call: number, when: 'before' | 'after') {
  let calls = 0;
  const send = local.dynamo.send.bind(local.dynamo);
  return Object.assign(Object.create(local.dynamo), {
    send: async (command: Parameters<typeof send>[0]) => {
      calls += 1;
      if (calls === call && when === 'before') throw new Error('cut off');
      const answering = send(command);
      if (calls !== call) return answering;
      await Promise.allSettled([answering]);
      throw new Error('cut off');
    },
  });
}

describe('acts that are gathered in time', () => {
  it('are records of their own hour', async () => {
    const act = newAct();
    await records.record([act]);
    expect(await recordsOf()).toEqual([{ ...act, hour: hourOf(act.at) }]);
  });

  it('are written once, however often they are given', async () => {
    const acts = Array.from({ length: 20 }, () => newAct());
    await records.record(acts);
    await records.record(acts.slice(7));
    now = addSeconds(start, HOUR + 14 * 60);
    await createRecords().record(acts);
    expect(await recordsOf()).toHaveLength(20);
  });

  it.each([1, 2, 3].flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const]))(
    'are all written once when a write is cut off at call %i, %s it, and given again',
    async (call, when) => {
      const acts = Array.from({ length: 9 }, () => newAct());
      await expect(createRecords(cutOffAt(call, when)).record(acts)).rejects.toThrow('cut off');
      await records.record(acts);
      const found = await recordsOf();
      expect(found.map(({ id }) => id).toSorted()).toEqual(acts.map(({ id }) => id).toSorted());
      for (const { id, sub } of acts) {
        expect((await findAll({ person: sub as Sub })).map((one) => one.id)).toEqual([id]);
      }
    },
  );

  it('expire with their hour, what leads to them included', async () => {
    const act = newAct();
    await records.record([act]);
    const { Items: items = [] } = await local.dynamo.send(
      new ScanCommand({ TableName: local.table }),
    );
    const written = items
      .map((item) => unmarshall(item))
      .filter(({ sk }) => String(sk).endsWith(act.id));
    expect(written.map(({ pk }) => String(pk).split('#')[0]).toSorted()).toEqual([
      ...['AUDIT', 'AUDIT-BY-KIND', 'AUDIT-BY-PERSON'],
    ]);
    for (const item of written) expect(item['expiresAt']).toBe(start + 30 * 86_400);
  });
});

describe('acts that come after their hour has closed', () => {
  it('are records of the present hour, and keep their own time', async () => {
    const act = newAct();
    now = addSeconds(start, 2 * HOUR);
    await records.record([act]);
    expect(await recordsOf()).toEqual([]);
    expect(await recordsOf(hourOf(now))).toEqual([{ ...act, hour: hourOf(now) }]);
  });

  it('are not written again when they were in time before', async () => {
    const act = newAct();
    await records.record([act]);
    now = addSeconds(start, 3 * HOUR);
    await records.record([act]);
    expect(await recordsOf()).toHaveLength(1);
    expect(await recordsOf(hourOf(now))).toEqual([]);
  });

  it('are written once, to the hour that was the first to take them, however late they come again', async () => {
    const act = newAct();
    now = addSeconds(start, 2 * HOUR);
    const first = hourOf(now);
    await records.record([act]);
    for (const later of [3, 4, 30]) {
      now = addSeconds(start, later * HOUR);
      await createRecords().record([act]);
      expect(await recordsOf(hourOf(now))).toEqual([]);
    }
    expect(await recordsOf(first)).toHaveLength(1);
    expect(await findAll({ person: act.sub as Sub })).toHaveLength(1);
  });

  it.each([1, 2, 3].flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const]))(
    'are written once when cut off at call %i, %s it',
    async (call, when) => {
      const act = newAct();
      now = addSeconds(start, 2 * HOUR);
      await expect(createRecords(cutOffAt(call, when)).record([act])).rejects.toThrow('cut off');
      const [first, second] = [hourOf(now), nextHour(hourOf(now))];
      now = startOf(second);
      await records.record([act]);
      expect([...(await recordsOf(first)), ...(await recordsOf(second))]).toHaveLength(1);
    },
  );
});

describe('looking for records', () => {
  it('finds by person, by actor, by kind and by time, the newest first, page by page', async () => {
    const sub = randomToken() as Sub;
    const admin = { type: 'client', clientId: randomToken() } as Act['actor'];
    const acts = Array.from({ length: 120 }, (_, second) => {
      now = addSeconds(start, second * 120);
      const actor = second % 3 === 0 ? admin : ({ type: 'person', sub } as const);
      return newAct({ sub, actor, kind: second % 2 === 0 ? 'hold.placed' : 'hold.released' });
    });
    for (const act of acts) {
      now = act.at;
      await records.record([act]);
    }
    const newestFirst = acts.toReversed();
    const idsOf = (found: ReadonlyArray<{ id: string }>) => found.map(({ id }) => id);
    expect(idsOf(await findAll({ person: sub }))).toEqual(idsOf(newestFirst));
    expect(idsOf(await findAll({ actor: `person:${sub}` }))).toEqual(
      idsOf(newestFirst.filter(({ actor }) => actor.type === 'person')),
    );
    expect(
      idsOf(await findAll({ actor: `client:${'clientId' in admin ? admin.clientId : ''}` })),
    ).toEqual(idsOf(newestFirst.filter(({ actor }) => actor.type === 'client')));
    const since = addSeconds(start, HOUR);
    const placed = newestFirst.filter(({ kind, at }) => kind === 'hold.placed' && at >= since);
    expect(idsOf(await findAll({ kind: 'hold.placed', since }))).toEqual(idsOf(placed));
    expect(idsOf(await findAll({ since: start }))).toEqual(idsOf(newestFirst));
  });

  it('says which record an index leads to that is no longer there', async () => {
    const act = newAct();
    await records.record([act]);
    const key = recordKey({ ...act, hour: hourOf(act.at) });
    await local.dynamo.send(new DeleteItemCommand({ TableName: local.table, Key: key }));
    const page = await trail().find({ person: act.sub as Sub, until: addSeconds(now, 1) });
    expect(page).toMatchObject({ records: [], missing: [{ id: act.id, hour: hourOf(act.at) }] });
  });
});
