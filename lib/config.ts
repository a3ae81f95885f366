import { z } from 'zod';
import { COUNTRIES } from './countries.ts';

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

const CellSchema = z.strictObject(
  {
    name: z
      .string()
      .regex(
        /^[a-z][a-z0-9]{1,7}$/,
        '2 to 8 small letters and digits, a letter first, such as "eu"',
      ),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-central-1"')
      .optional(),
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 code of two capital letters'))
      .optional(),
    share: z
      .number('a number from 0')
      .min(0, 'a number from 0')
      .max(1_000_000, 'a number up to 1000000')
      .optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `name, region, countries and share, not ${issue.keys.join(', ')}`
        : 'a cell such as {"name":"eu","region":"eu-central-1"}',
  },
);

const HOST_NAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

const ContextSchema = z.strictObject({
  cells: z
    .array(CellSchema, 'a JSON array of cells such as [{"name":"eu","region":"eu-central-1"}]')
    .min(1, 'at least one cell')
    .optional(),
  primary: z.string('the name of a cell').optional(),
  domain: z
    .string()
    .regex(HOST_NAME, 'a host name in small letters such as "id.example.com"')
    // Of a certificate's first name (ACM).
    .max(64, 'a host name of 64 characters at most')
    .optional(),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{3,31}$/, 'the id of a Route 53 zone such as "Z0123456789ABCDEFGHIJ"')
    .optional(),
  edgeSecretGeneration: z.coerce
    .number('a whole number from 1')
    .int('a whole number from 1')
    .min(1, 'a whole number from 1')
    .optional(),
});

/** Context keys that this app reads; `cdk.json` or `--context` may set them. */
export const CONTEXT_KEYS = Object.keys(ContextSchema.shape);

/**
 * Reads the topology from CDK context; nothing configured gives one cell, named after the region
 * that the CLI points at. Throws TopologyError.
 */
export function parseTopology(
  context: Readonly<Record<string, unknown>>,
  defaultRegion: string | undefined,
): Topology {
  const parsed = ContextSchema.safeParse(
    Object.fromEntries(CONTEXT_KEYS.map((key) => [key, parseJsonText(context[key])])),
  );
  if (!parsed.success) throw new TopologyError(describeIssue(parsed.error, context));
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

/** `--context cells='[…]'` arrives as text; `cdk.json` gives the value itself. */
function parseJsonText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A cell's name tells where its residents live, so the default never says `eu` in America. */
function defaultCell(region: string | undefined): z.infer<typeof CellSchema> {
  return { name: region?.split('-')[0] ?? 'eu', region };
}

function requireDistinct(names: ReadonlyArray<string>): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TopologyError(`context "cells" names ${twice} twice`);
}

/** Replicas, residency and names of functions all rest on one cell per region. */
function requireOwnRegions(cells: ReadonlyArray<z.infer<typeof CellSchema>>): void {
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

function describeIssue(error: z.ZodError, context: Readonly<Record<string, unknown>>): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'the context is not a topology';
  let value: unknown = Object.fromEntries(
    CONTEXT_KEYS.map((key) => [key, parseJsonText(context[key])]),
  );
  for (const step of issue.path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  const place = issue.path.reduce<string>(
    (path, step) =>
      typeof step === 'number'
        ? `${path}[${step}]`
        : `${path}${path === '' ? '' : '.'}${String(step)}`,
    '',
  );
  return `context "${place}" is ${JSON.stringify(value) ?? 'missing'}: expected ${issue.message}`;
}
