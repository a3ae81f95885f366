import type { z } from 'zod';
import { describeIssue, parseJsonText } from './context-values.ts';
import { COUNTRIES } from './countries.ts';
import { CONTEXT_KEYS, type ContextCell, ContextSchema } from './topology-context.ts';

/** One region and one blast radius, with everything that its residents need (design: "cell"). */
export interface Cell {
  /** Tag in codes, tokens, cookies and names: `eu`. */
  readonly name: string;
  /** Undefined: the stacks are environment-agnostic and deploy wherever the CLI points. */
  readonly region: string | undefined;
  /** ISO 3166-1 alpha-2 codes of countries whose people live here, besides the usual ones. */
  readonly countries: ReadonlyArray<string>;
  /** How many of all people live here, against the other cells' shares. */
  readonly share: number;
}

/** Own host names: the issuer's, with one per cell below it. */
export interface Domain {
  /** Host of the issuer: `id.example.com`. */
  readonly name: string;
  /** Route 53 zone that holds the name. */
  readonly hostedZoneId: string;
  /** Counts the secrets by which CloudFront has proved itself so far; raised to use a new one. */
  readonly edgeSecretGeneration: number;
}

/** `origin.<domain>` is where CloudFront finds the nearest cell; no cell may be called so. */
export const ORIGIN = 'origin';

/** What CDK context decides: where Domicile runs. All else is a stack parameter. */
export interface Topology {
  readonly cells: readonly [Cell, ...ReadonlyArray<Cell>];
  /** The cell whose region claims new identifiers and holds the primary keys. */
  readonly primary: Cell;
  /** Undefined: the issuer is the API's own URL or, with several cells, stack parameters say it. */
  readonly domain: Domain | undefined;
}

/** False: nothing is replicated, handed over or asked of another region. */
export function areSeveral({ cells }: Topology): boolean {
  return cells.length > 1;
}

/** Cells other than the given one, in the order of the topology. */
export function otherCells({ cells }: Topology, { name }: Cell): ReadonlyArray<Cell> {
  return cells.filter((cell) => cell.name !== name);
}

/** A topology that cannot be built. The message names the value and what would be accepted. */
export class TopologyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TopologyError';
  }
}

/**
 * Reads the topology from CDK context; nothing configured gives one cell, named after the region
 * that the CLI points at. Throws TopologyError.
 */
export function parseTopology(
  context: Readonly<Record<string, unknown>>,
  defaultRegion: string | undefined,
): Topology {
  const given = Object.fromEntries(CONTEXT_KEYS.map((key) => [key, parseJsonText(context[key])]));
  const parsed = ContextSchema.safeParse(given);
  if (!parsed.success) throw new TopologyError(describeIssue(parsed.error, given));
  const { primary } = parsed.data;
  const cells = (parsed.data.cells ?? [defaultCell(defaultRegion)]).map(
    ({ name, region, countries = [], share = 1 }): Cell => ({
      name,
      region: region ?? defaultRegion,
      countries,
      share,
    }),
  );
  if (cells.every(({ share }) => share === 0)) {
    throw new TopologyError('context "cells" gives no cell a share: somebody lives somewhere');
  }
  requireDistinct(cells.map(({ name }) => name));
  requireDistinct(cells.flatMap(({ countries }) => countries));
  requireKnown(cells.flatMap(({ countries }) => countries));
  if (cells.length > 1) requireOwnRegions(parsed.data.cells ?? []);
  return {
    cells: requireSome(cells),
    primary: requirePrimary(cells, primary),
    domain: readDomain(parsed.data, cells),
  };
}

/** A cell's name tells where its residents live, so the default never says `eu` in America. */
function defaultCell(region: string | undefined): ContextCell {
  return { name: region?.split('-')[0] ?? 'eu', region };
}

function requireDistinct(names: ReadonlyArray<string>): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TopologyError(`context "cells" names ${twice} twice`);
}

/** Replicas, residency and names of functions all rest on one cell per region. */
function requireOwnRegions(cells: ReadonlyArray<ContextCell>): void {
  const taken = new Map<string, string>();
  for (const { name, region } of cells) {
    if (region === undefined) {
      throw new TopologyError(
        `context "cells" gives ${name} no region: with several cells each needs its own`,
      );
    }
    const holder = taken.get(region);
    if (holder !== undefined) {
      throw new TopologyError(
        `context "cells" puts ${holder} and ${name} into ${region}: each needs its own region`,
      );
    }
    taken.set(region, name);
  }
}

function requireSome(cells: ReadonlyArray<Cell>): Topology['cells'] {
  const [first, ...others] = cells;
  if (first === undefined) throw new TopologyError('context "cells" is empty');
  return [first, ...others];
}

/** A country that no page offers would never be anybody's. */
function requireKnown(countries: ReadonlyArray<string>): void {
  const unknown = countries.find((country) => !COUNTRIES.includes(country));
  if (unknown === undefined) return;
  throw new TopologyError(`context "cells" names ${unknown}, which is no country of ISO 3166-1`);
}

function readDomain(
  { domain, hostedZoneId, edgeSecretGeneration }: z.infer<typeof ContextSchema>,
  cells: ReadonlyArray<Cell>,
): Domain | undefined {
  if (domain === undefined) {
    const alone = Object.entries({ hostedZoneId, edgeSecretGeneration }).find(
      ([, value]) => value !== undefined,
    );
    if (alone === undefined) return undefined;
    throw new TopologyError(`context "${alone[0]}" is given without "domain", which it belongs to`);
  }
  if (hostedZoneId === undefined) {
    throw new TopologyError(
      `context "domain" is ${JSON.stringify(domain)} without "hostedZoneId": the Route 53 zone that holds it`,
    );
  }
  for (const { name, region } of cells) {
    if (name === ORIGIN) {
      throw new TopologyError(`context "cells" names a cell ${ORIGIN}, whose host is taken`);
    }
    if (region === undefined) {
      throw new TopologyError(
        `context "cells" gives ${name} no region: with a domain each cell needs one`,
      );
    }
  }
  return { name: domain, hostedZoneId, edgeSecretGeneration: edgeSecretGeneration ?? 1 };
}

function requirePrimary(cells: ReadonlyArray<Cell>, name: string | undefined): Cell {
  const primary = name === undefined ? cells[0] : cells.find((cell) => cell.name === name);
  if (primary === undefined) {
    throw new TopologyError(
      `context "primary" is ${JSON.stringify(name)}, which is none of the cells: ${cells.map((cell) => cell.name).join(', ')}`,
    );
  }
  return primary;
}
