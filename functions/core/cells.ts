/** Cells: one region and one blast radius each; every person is at home in exactly one. */
import type { Sub } from './ids.ts';

/** Tag in codes, tokens, cookies and links: `eu`. */
export type CellName = string;

/** A cell as every other cell knows it. */
export interface KnownCell {
  readonly name: CellName;
  /** AWS region. */
  readonly region: string;
  /** Where its pages live, no trailing slash: `https://eu.id.example.com`. */
  readonly url: string;
}

/** The deployment as seen from one of its cells. */
export interface Cells {
  readonly own: KnownCell;
  /** In the order of the topology; `own` is one of them. */
  readonly all: ReadonlyArray<KnownCell>;
  /** False: nothing is ever handed over, forwarded or asked of another region. */
  readonly areSeveral: boolean;
  find(name: string): KnownCell | undefined;
}

/** Who lives where, for those that another cell has to reach. */
export interface Resident {
  readonly sub: Sub;
  readonly cell: CellName;
}

const NAME = /^[a-z][a-z0-9]{1,7}$/;

/** `eu.<opaque>` → `eu`; undefined when nothing in front of the first dot is a cell's name. */
export function readCellTag(tagged: string): CellName | undefined {
  const dot = tagged.indexOf('.');
  if (dot < 2 || dot > 8) return undefined;
  const name = tagged.slice(0, dot);
  return NAME.test(name) ? name : undefined;
}

/** `<cell>.<opaque>`: whoever is handed it knows who can read it. */
export function tagWithCell(cell: CellName, opaque: string): string {
  return `${cell}.${opaque}`;
}

/** What stands behind this cell's tag; undefined when it is another's, or none. */
export function readTaggedBy(cell: CellName, tagged: string): string | undefined {
  return tagged.startsWith(`${cell}.`) ? tagged.slice(cell.length + 1) : undefined;
}

/**
 * `own` is a name; `urls` and `regions` are `eu=…,us=…` as the stacks write them, with the same
 * names. Throws Error when they do not agree: a function without its topology must not serve.
 */
export function parseCells(own: string, urls: string, regions: string): Cells {
  const regionOf = parsePairs(regions);
  const all = [...parsePairs(urls)].map(([name, url]): KnownCell => {
    const region = regionOf.get(name);
    if (region === undefined) throw new Error(`cell ${name} has no region`);
    return { name, region, url };
  });
  const byName = new Map(all.map((cell) => [cell.name, cell]));
  const known = byName.get(own);
  if (known === undefined) throw new Error(`the cell ${own} is none of the deployment's`);
  return { own: known, all, areSeveral: all.length > 1, find: (name) => byName.get(name) };
}

/**
 * Throws Error when cookies of the issuer's host do not reach every cell: people would be handed
 * over and refused, each time. `https` cells lie at that host or below it; plain `http` is local,
 * where cookies have no domain, so that all are one host (RFC 6265 §5.1.3).
 */
export function requireOneSite({ all, areSeveral }: Cells, issuer: string): void {
  if (!areSeveral) return;
  const { protocol, hostname } = new URL(issuer);
  for (const { name, url } of all) {
    const cell = new URL(url);
    const isSame = cell.hostname === hostname;
    const isBelow = protocol === 'https:' && cell.hostname.endsWith(`.${hostname}`);
    if (cell.protocol !== protocol || !(isSame || isBelow)) {
      throw new Error(`the URL of the cell ${name} is not below the issuer's host`);
    }
  }
}

/** The names in `eu=…,us=…`, in the order of the topology. */
export function parseCellNames(pairs: string): ReadonlyArray<CellName> {
  return [...parsePairs(pairs).keys()];
}

function parsePairs(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((pair): [string, string] => {
    const separator = pair.indexOf('=');
    return [pair.slice(0, separator).trim(), pair.slice(separator + 1).trim()];
  });
  return new Map(pairs);
}
