import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type { DirectoryCopy } from '../../core/ports/erasures.ts';
import type { Item } from './account-items.ts';
import { orRefused } from './quarantine.ts';
import { sendDynamo } from './send.ts';

/**
 * Parts are segments of a parallel scan: a number names where to go on, and no hash of an address
 * gets into the history of an execution. Ten million entries have some 30 megabytes in each.
 */
const PARTS = 64;
/** By one run of the state, and then the part that it is at: far below the function's timeout. */
const PAGES = 64;

interface CopyDeps {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
}

/** Whose entries go, and who has been told of. */
interface Looking {
  readonly subs: ReadonlySet<Sub>;
  readonly tellOnce: (sub: Sub) => Promise<void>;
}

export function createDirectoryCopy(deps: CopyDeps): DirectoryCopy {
  return {
    async erase(subs, part, tell) {
      const looking = { subs, tellOnce: once(tell) };
      let [entries, pages, at] = [0, 0, part];
      for (; at < PARTS && pages < PAGES; at += 1) {
        const done = await eraseIn(deps, looking, at);
        entries += done.entries;
        pages += done.pages;
      }
      return { entries, ...(at < PARTS && { nextPart: at }) };
    },
  };
}

/** Of each person, by this run of the state. */
function once(tell: (sub: Sub) => Promise<void>): Looking['tellOnce'] {
  const told = new Set<Sub>();
  return async (sub) => {
    if (told.has(sub)) return;
    await tell(sub);
    told.add(sub);
  };
}

async function eraseIn(deps: CopyDeps, { subs, tellOnce }: Looking, segment: number) {
  let [entries, pages] = [0, 0];
  let cursor: Item | undefined;
  do {
    const page = await sendDynamo(deps.dynamo, scan(deps.table, segment, cursor));
    for (const item of page.Items ?? []) {
      const sub = (item['sub']?.S ?? '') as Sub;
      if (!subs.has(sub)) continue;
      // First: of entries that are gone nothing tells. The copy may be in another region, so that no
      // transaction reaches both.
      await tellOnce(sub);
      if (await remove(deps, item, sub)) entries += 1;
    }
    pages += 1;
    cursor = page.LastEvaluatedKey;
  } while (cursor !== undefined);
  return { entries, pages };
}

/** Addresses that rest after an erasure name nobody. */
function scan(table: string, segment: number, cursor: Item | undefined): ScanCommand {
  return new ScanCommand({
    TableName: table,
    ConsistentRead: true,
    Segment: segment,
    TotalSegments: PARTS,
    FilterExpression: 'attribute_exists(#sub)',
    ProjectionExpression: 'pk, sk, #sub',
    ExpressionAttributeNames: { '#sub': 'sub' },
    ...(cursor !== undefined && { ExclusiveStartKey: cursor }),
  });
}

/** False when another run was there first. */
async function remove({ dynamo, table }: CopyDeps, { pk, sk }: Item, sub: Sub): Promise<boolean> {
  if (pk === undefined || sk === undefined) return false;
  const command = new DeleteItemCommand({
    TableName: table,
    Key: { pk, sk },
    ConditionExpression: '#sub = :sub',
    ExpressionAttributeNames: { '#sub': 'sub' },
    ExpressionAttributeValues: { ':sub': { S: sub } },
  });
  return (await orRefused(sendDynamo(dynamo, command))) === undefined;
}
