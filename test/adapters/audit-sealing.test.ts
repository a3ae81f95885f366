/** Sealing and archiving, cut off at any call: the end is the same, and no hour is signed twice. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashSecret, randomToken, sha256 } from '../../functions/adapters/crypto/hash.ts';
import { createAuditHours } from '../../functions/adapters/dynamodb/audit-hours.ts';
import { createAuditRecords } from '../../functions/adapters/dynamodb/audit-records.ts';
import { writeBatches } from '../../functions/adapters/dynamodb/batch-write.ts';
import { archiveNext, type SealingDeps, sealNext } from '../../functions/audit/steps.ts';
import { hourOf, startOf } from '../../functions/core/audit/hours.ts';
import type { AuditHours, StoredRoot } from '../../functions/core/ports/audit-hours.ts';
import { addSeconds, type EpochSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, startLocalDynamo } from './local-dynamo.ts';

const HOUR = 3600;
const START = startOf(hourOf(NOW));

let local: LocalDynamo;
let now: EpochSeconds;
/** What lies in the archive: a later version of a file replaces the earlier. */
let archive: Map<string, string>;
let signatures: number;

beforeAll(async () => {
  local = await startLocalDynamo();
});
afterAll(() => local.close());

beforeEach(() => {
  archive = new Map();
  signatures = 0;
});

const hoursOf = () => createAuditHours({ dynamo: local.dynamo, recordsTable: local.table });

async function clear(): Promise<void> {
  const TableName = local.table;
  const { Items: items = [] } = await local.dynamo.send(new ScanCommand({ TableName }));
  await writeBatches(
    local.dynamo,
    TableName,
    items.flatMap(({ pk, sk }) =>
      pk === undefined || sk === undefined ? [] : [{ DeleteRequest: { Key: { pk, sk } } }],
    ),
  );
}

/** Two hours with three records each, in a table that has nothing else. */
async function happened(hours: AuditHours, many = 2): Promise<void> {
  await clear();
  const records = createAuditRecords({
    ...{ dynamo: local.dynamo, recordsTable: local.table },
    retentionDays: 30,
    now: () => now,
  });
  for (let hour = 0; hour < many; hour += 1) {
    now = addSeconds(START, hour * HOUR);
    const acts = Array.from({ length: 3 }, () => ({
      ...{ id: randomToken(), kind: 'keys.moved' as const, at: now },
      actor: { type: 'system', name: 'test' } as const,
    }));
    await records.record(acts);
  }
  now = addSeconds(START, (many + 1) * HOUR);
  expect(await hours.beginning()).toBe(hourOf(START));
}

interface Cut {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** Ports over the real table; each call counts, and one is cut off. */
function createDeps(hours: AuditHours, cut?: Cut): SealingDeps & { readonly calls: () => number } {
  let calls = 0;
  async function counting<Answer>(make: () => Promise<Answer>): Promise<Answer> {
    calls += 1;
    const isCut = calls === cut?.call;
    if (isCut && cut.when === 'before') throw new Error('cut off');
    const answer = await make();
    if (isCut) throw new Error('cut off');
    return answer;
  }
  const counted: AuditHours = {
    ...hours,
    newest: () => counting(() => hours.newest()),
    beginning: () => counting(() => hours.beginning()),
    roots: (range, cursor) => counting(() => hours.roots(range, cursor)),
    seal: (root) => counting(() => hours.seal(root)),
    archivedUntil: () => counting(() => hours.archivedUntil()),
    noteArchived: (hour) => counting(() => hours.noteArchived(hour)),
    async *records(hour) {
      yield* await counting(async () => hours.records(hour));
    },
  };
  return {
    ...{ issuer: 'https://id.example', cell: 'eu', hours: counted, sha256, retentionDays: 30 },
    signer: {
      sign: (_, claims) =>
        counting(async () => {
          signatures += 1;
          // Two signatures of one text differ, as those of ECDSA do.
          return `${JSON.stringify(claims)}.${signatures}`;
        }),
    },
    createFile(hour) {
      let text = '';
      return {
        write: async (more) => {
          text += more;
        },
        end: () =>
          counting(async () => {
            archive.set(hour, text);
            return text.length;
          }),
        abort: async () => undefined,
      };
    },
    note: () => undefined,
    calls: () => calls,
  };
}

async function run(deps: SealingDeps): Promise<void> {
  for (const step of [sealNext, archiveNext]) {
    while ((await step(deps, now)).outcome === 'done');
  }
}

async function rootsOf(hours: AuditHours): Promise<ReadonlyArray<StoredRoot>> {
  return (await hours.roots({})).roots;
}

/** What of a root does not depend on when it was signed, and with what result. */
function claimsOf({ root }: StoredRoot): Record<string, unknown> {
  return JSON.parse(root.slice(0, root.lastIndexOf('.')));
}

function expectWhole(roots: ReadonlyArray<StoredRoot>): void {
  const claims = roots.map(claimsOf);
  expect(claims.map(({ size }) => size)).toEqual([3, 3]);
  roots.forEach((root, index) => {
    const before = roots[index - 1];
    expect(claimsOf(root)['previous']).toBe(before && hashSecret(before.root));
    const [first = '', ...records] = (archive.get(root.hour) ?? '').trimEnd().split('\n');
    expect(JSON.parse(first)).toEqual(root);
    expect(records).toHaveLength(3);
  });
}

describe('sealing and archiving', () => {
  it('cut off before or after any call and begun again, come to the same end', async () => {
    await happened(hoursOf());
    const whole = createDeps(hoursOf());
    await run(whole);
    expectWhole(await rootsOf(hoursOf()));
    expect(signatures).toBe(2);

    for (let call = 1; call <= whole.calls(); call += 1) {
      for (const when of ['before', 'after'] as const) {
        archive = new Map();
        await happened(hoursOf());
        const stays = createDeps(hoursOf(), { call, when });
        await expect(run(stays)).rejects.toThrow('cut off');
        const sealed = await rootsOf(hoursOf());
        await run(createDeps(hoursOf()));
        const roots = await rootsOf(hoursOf());
        // What was there stays as it was signed.
        expect(roots.slice(0, sealed.length)).toEqual(sealed);
        expectWhole(roots);
      }
    }
  });

  it('by many at once leaves one chain', async () => {
    const hours = hoursOf();
    await happened(hours);
    await Promise.all(Array.from({ length: 8 }, () => run(createDeps(hours))));
    expectWhole(await rootsOf(hours));
  });
});
