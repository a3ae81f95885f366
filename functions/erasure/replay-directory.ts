import { monthOf, positionAfter } from '../core/erasure/ledger.ts';
import type { ReplayInput, ReplayOutput, ReplayPosition } from '../core/erasure/steps.ts';
import type { Sub } from '../core/ids.ts';
import type { Ledger } from '../core/ports/erasures.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actOfReplay, sinceOf } from './replay.ts';
import type { ErasureDeps } from './state.ts';

/** Looked for at once: a few megabytes of ids, read again by each state. */
const SUBS_AT_ONCE = 50_000;
/** Of a hundred bytes each, far below the megabyte that an answer holds. */
const PAGE_ENTRIES = 1000;

/**
 * As `replay`, of a copy of the directory. The ledger does not know addresses, so the copy is gone
 * through for as many people as fit into memory, in parts of a bounded size.
 */
export async function replayDirectory(
  deps: Pick<ErasureDeps, 'ledger' | 'directoryCopyOf' | 'proof'>,
  input: ReplayInput & { readonly directoryTable: string },
  now: EpochSeconds,
): Promise<ReplayOutput> {
  const since = sinceOf(input, now);
  const { position = { month: monthOf(since), entries: 0, items: 0, keys: 0 } } = input;
  const { subs, month, next } = await readErased(deps.ledger, position, { since, now });
  const copy = deps.directoryCopyOf(input.directoryTable);
  const tell = (sub: Sub) => deps.proof.recordAct(actOfReplay(input, sub, now));
  const { entries: found, nextPart } = await copy.erase(subs, position.part ?? 0, tell);
  const { entries, keys } = position;
  const progress = { entries, items: position.items + found, keys };
  if (nextPart !== undefined) {
    const { after } = position;
    return {
      outcome: 'more',
      position: { ...progress, month: position.month, after, part: nextPart },
    };
  }
  const whole = { ...progress, entries: entries + subs.size };
  if (next !== undefined) return { outcome: 'more', position: { ...whole, ...next } };
  return { outcome: 'done', position: { ...whole, month } };
}

type LedgerPosition = Pick<ReplayPosition, 'month' | 'after'>;

interface Erased {
  readonly subs: ReadonlySet<Sub>;
  /** Of the ledger, the last that was read. */
  readonly month: string;
  /** Where the rest of the ledger begins. */
  readonly next?: LedgerPosition;
}

async function readErased(
  ledger: Ledger,
  from: LedgerPosition,
  { since, now }: { readonly since: EpochSeconds; readonly now: EpochSeconds },
): Promise<Erased> {
  const subs = new Set<Sub>();
  let position = from;
  for (;;) {
    const { entries, after } = await ledger.list(position, since, PAGE_ENTRIES);
    for (const { sub } of entries) subs.add(sub);
    const next = positionAfter(position, after, now);
    if (next === undefined) return { subs, month: position.month };
    if (subs.size >= SUBS_AT_ONCE) return { subs, month: position.month, next };
    position = next;
  }
}
