import { z } from 'zod';
import type { Sub } from '../../functions/core/ids.ts';
import type { TestCloud } from './cloud.ts';
import { requireRegion } from './cloud-stores.ts';
import { readTableStreams } from './table-streams.ts';

const AccountInserted = z.object({
  eventName: z.literal('INSERT'),
  dynamodb: z.object({
    Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.literal('ACCOUNT') }) }),
  }),
});

/**
 * Who signed up last in a cell, the first one unless said otherwise. The stream of its table says
 * so, since two people may sign up within the same second. Throws when nobody did within the 24
 * hours that a stream keeps.
 */
export async function newestSub(cloud: TestCloud, cell?: string): Promise<Sub> {
  const region = requireRegion(cloud.cloud, cell);
  const table = `domicile-data-${cell ?? Object.keys(cloud.regions)[0]}`;
  const records = await readTableStreams(cloud, region, { TableName: table });
  const inserted = records.flatMap(({ record }) => AccountInserted.safeParse(record).data ?? []);
  const newest = inserted.at(-1)?.dynamodb.Keys.pk.S;
  if (newest === undefined) throw new Error(`nobody has signed up in ${table}`);
  return newest.slice('USER#'.length) as Sub;
}
