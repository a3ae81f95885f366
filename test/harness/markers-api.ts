/** What the local cloud's own API shows, entry by entry. */
import { z } from 'zod';
import type { TestCloud } from './cloud.ts';
import type { StoredText } from './markers.ts';

/** Those that tell of all regions at once. */
export const API_PATHS = [
  ...['cells', 'clock', 'executions', 'faults', 'grants', 'replication', 'seed'],
  ...['inbox', 'logs', 'calls', 'requests', 'events', 'queues', 'buckets'],
];

const Entries = z.array(z.looseObject({ region: z.string() }));
/** What has a number is asked for from the first on that nobody has told of yet. */
const Numbered = z.array(z.looseObject({ seq: z.int() })).min(1);
/** What every policy grants, and how often it did. */
const Grants = z.strictObject({ statements: z.array(z.unknown()), usage: z.array(z.unknown()) });

/** Entries that name their region are that region's; all else is everybody's. */
export function createApiReader(
  cloud: TestCloud,
): (path: string) => Promise<ReadonlyArray<StoredText>> {
  const since = new Map<string, number>();
  return async (path) => {
    const url = new URL(`/_local/api/${path}`, cloud.issuer);
    if (path === 'calls' || path === 'events') {
      url.searchParams.set('since', String(since.get(path) ?? 0));
    }
    const answer = await fetch(url);
    if (answer.status !== 200) throw new Error(`/_local/api/${path}: ${answer.status}`);
    const text = await answer.text();
    const whole = { region: undefined, store: `/_local/api/${path}`, text };
    if (path === 'grants') return grantByGrant(text, whole);
    if (url.searchParams.has('since')) {
      const last = Numbered.safeParse(JSON.parse(text)).data?.at(-1);
      if (last !== undefined) since.set(path, last.seq);
    }
    return byRegion(text, whole);
  };
}

/** A million characters, of which a sweep finds a few numbers changed. */
function grantByGrant(json: string, whole: StoredText): ReadonlyArray<StoredText> {
  const { statements, usage } = Grants.parse(JSON.parse(json));
  return [...statements, ...usage].map((grant) => ({ ...whole, text: JSON.stringify(grant) }));
}

/** The entries of a list that name their regions; else the whole. */
export function byRegion(json: string, whole: StoredText): ReadonlyArray<StoredText> {
  if (!json.startsWith('[')) return [whole];
  const entries = Entries.safeParse(JSON.parse(json));
  if (!entries.success) return [whole];
  return entries.data.map((entry) => ({ store: whole.store, ...textOf(entry) }));
}

/** Of an entry that names its region. */
export function textOf<Line extends { readonly region: string }>(line: Line) {
  return { region: line.region, text: JSON.stringify(line) };
}
