import type { Clock } from '../types.ts';
import type { Engine, Item } from './engine.ts';
import { findString, isObject } from './json-object.ts';
import type { Table } from './table.ts';

/** DynamoDB leaves items alone whose expiry is more than five years past. */
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400;

/** Deletes what has expired by the clock; until then it stays readable, as in AWS. Counts deletions. */
export async function sweepExpired(
  engine: Engine,
  tables: ReadonlyArray<Table>,
  clock: Clock,
): Promise<number> {
  let deleted = 0;
  for (const { name, ttlAttribute } of tables) {
    if (ttlAttribute === undefined) continue;
    const nowSeconds = Math.floor(clock.nowMs() / 1000);
    for (const item of await engine.items(name)) {
      if (!isExpired(item, ttlAttribute, nowSeconds)) continue;
      if (await engine.expire(name, item)) deleted += 1;
    }
  }
  return deleted;
}

/** Only a number counts: DynamoDB ignores an expiry of any other type. */
function isExpired(item: Item, attribute: string, nowSeconds: number): boolean {
  const value = item[attribute];
  const text = isObject(value) ? findString(value, 'N') : undefined;
  if (text === undefined) return false;
  const expiry = Number(text);
  return expiry <= nowSeconds && expiry > nowSeconds - FIVE_YEARS_SECONDS;
}
