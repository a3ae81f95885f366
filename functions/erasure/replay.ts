import { hashSecret } from '../adapters/crypto/hash.ts';
import type { Act } from '../core/audit/act.ts';
import { earliestRestorable, monthOf, positionAfter } from '../core/erasure/ledger.ts';
import type { ReplayInput, ReplayOutput, ReplayPosition } from '../core/erasure/steps.ts';
import type { Sub } from '../core/ids.ts';
import { type EpochSeconds, toEpochSeconds, toIsoTime } from '../core/time.ts';
import type { ErasureDeps } from './state.ts';

/**
 * After a restore: erases again whoever was erased, in the order of the ledger and a bounded number
 * at a time. Whoever has not come back costs a transaction that finds no key, a read and a query.
 */
export async function replay(
  deps: Pick<ErasureDeps, 'ledger' | 'tablesOf'>,
  input: ReplayInput,
  now: EpochSeconds,
): Promise<ReplayOutput> {
  const since = sinceOf(input, now);
  const { position = { month: monthOf(since), entries: 0, items: 0, keys: 0 } } = input;
  const tables = deps.tablesOf(input);
  const { entries, after } = await deps.ledger.list(position, since);
  let [items, keys] = [position.items, position.keys];
  for (const { sub } of entries) {
    const found = await tables.erase(sub, actOfReplay(input, sub, now));
    items += found.items;
    keys += found.keys;
  }
  const progress = { entries: position.entries + entries.length, items, keys };
  return nextOf(position, after, progress, now);
}

/** Told once for a table and day: another day, somebody may have been restored again. */
export function actOfReplay(
  { table = '', keysTable = '', directoryTable = '' }: ReplayInput,
  sub: Sub,
  at: EpochSeconds,
): Act {
  const kind = 'erasure.replayed';
  const day = toIsoTime(at).slice(0, 10);
  const about = [kind, sub, table, keysTable, directoryTable, day];
  const id = hashSecret(about.join(':')).slice(0, 22);
  return { id, kind, sub, at, actor: { type: 'system', name: 'erasure-replay' } };
}

/** From when on erasures may have been undone. */
export function sinceOf({ since }: ReplayInput, now: EpochSeconds): EpochSeconds {
  if (since === undefined) return earliestRestorable(now);
  const at = Date.parse(since);
  if (Number.isNaN(at)) throw new Error('since is no time in ISO 8601');
  return toEpochSeconds(at);
}

function nextOf(
  position: ReplayPosition,
  after: string | undefined,
  progress: Omit<ReplayPosition, 'month' | 'after'>,
  now: EpochSeconds,
): ReplayOutput {
  const next = positionAfter(position, after, now);
  if (next !== undefined) return { outcome: 'more', position: { ...progress, ...next } };
  return { outcome: 'done', position: { ...progress, month: position.month } };
}
