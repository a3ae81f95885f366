import { expect, test } from 'vitest';
import {
  createActivityReader,
  createRequestsReader,
} from '../../functions/adapters/dynamodb/export-elsewhere.ts';
import type { AuditRecord } from '../../functions/core/audit/audit-record.ts';
import type { AuditHour } from '../../functions/core/audit/hours.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import type {
  PrivacyRequest,
  PrivacyRequestId,
} from '../../functions/core/ports/privacy-requests.ts';
import { type EpochSeconds, toIsoTime } from '../../functions/core/time.ts';

const sub = 'ada' as Sub;
const at = (Date.parse('2026-11-22T12:00:00Z') / 1000) as EpochSeconds;
const DESK = { type: 'client', clientId: 'desk' as ClientId } as const;
const act = { sub, at, hour: '2026-11-22T12:00Z' as AuditHour };
const REQUEST: PrivacyRequest = {
  ...{ requestId: 'request' as PrivacyRequestId, kind: 'export', sub, state: 'collecting' },
  ...{ requestedAt: at, dueAt: at, stateSince: at, history: [{ state: 'collecting', at }] },
  actor: { type: 'person', sub },
};
const RECORDS: ReadonlyArray<AuditRecord> = [
  {
    ...act,
    id: 'own',
    kind: 'session.begun',
    actor: { type: 'person', sub },
    from: '192.0.2.0/24',
  },
  {
    ...{
      ...act,
      id: 'looked',
      kind: 'person.looked-up',
      reason: 'ticket 7',
      from: '198.51.100.0/24',
    },
    actor: DESK,
  },
  { ...act, id: 'held', kind: 'hold.placed', object: 'hold', actor: DESK },
  { ...act, id: 'read', kind: 'hold.read', actor: DESK },
  { ...act, id: 'released', kind: 'hold.released', object: 'hold', reason: 'over', actor: DESK },
];

test('an export tells from where a person acted, of administrators that they did and not why, and of no legal hold', async () => {
  const read = createActivityReader({
    ofPerson: async () => ({ records: RECORDS, missing: [] }),
  });
  const { records } = await read(REQUEST, undefined, at);
  expect(records.map(({ record }) => record)).toEqual([
    {
      id: 'own',
      kind: 'session.begun',
      at: toIsoTime(at),
      actor: 'person:ada',
      from: '192.0.2.0/24',
    },
    {
      id: 'looked',
      kind: 'person.looked-up',
      at: toIsoTime(at),
      actor: 'client:desk',
    },
  ]);
});

test('an export tells of requests made on somebody’s behalf, and not why', async () => {
  const onBehalf: PrivacyRequest = { ...REQUEST, actor: DESK, reason: 'ticket 7' };
  const read = createRequestsReader({ history: async () => ({ requests: [onBehalf, REQUEST] }) });
  const { records } = await read(REQUEST, undefined, at);
  const [first, second] = records.map(({ record }) => record);
  expect(first).toEqual({ ...second, requestedBy: 'administrator' });
  expect(second).toMatchObject({ requestedBy: 'person' });
  expect(JSON.stringify(records)).not.toContain('ticket');
});
