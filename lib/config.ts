import { z } from 'zod';

/** One region and one blast radius, with everything that its residents need (design: "cell"). */
export interface Cell {
  /** Tag in codes, tokens, cookies and names: `eu`. */
  readonly name: string;
  /** Undefined: the stacks are environment-agnostic and deploy wherever the CLI points. */
  readonly region: string | undefined;
}

/** What CDK context decides: where Domicile runs. All else is a stack parameter. */
export interface Topology {
  readonly cells: readonly [Cell, ...ReadonlyArray<Cell>];
  /** The cell whose region claims new identifiers and holds the primary keys. */
  readonly primary: Cell;
}

/** A topology that cannot be built. The message names the value and what would be accepted. */
export class TopologyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TopologyError';
  }
}

const CellSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]{1,7}$/, '2 to 8 small letters and digits, a letter first, such as "eu"'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-central-1"')
    .optional(),
});

const ContextSchema = z.strictObject({
  cells: z.array(CellSchema).min(1, 'at least one cell').optional(),
  primary: z.string().optional(),
  domain: z.string().optional(),
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
  const { domain, primary } = parsed.data;
  if (domain !== undefined) {
    throw new TopologyError(
      `context "domain" is ${JSON.stringify(domain)}, but own domains are not supported yet: ` +
        'remove it, the issuer is then the URL of the HTTP API',
    );
  }
  const cells = (parsed.data.cells ?? [defaultCell(defaultRegion)]).map(
    ({ name, region }): Cell => ({ name, region: region ?? defaultRegion }),
  );
  requireDistinct(cells.map((cell) => cell.name));
  return { cells: requireOne(cells), primary: requirePrimary(cells, primary) };
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
function defaultCell(region: string | undefined): Cell {
  return { name: region?.split('-')[0] ?? 'eu', region };
}

function requireDistinct(names: ReadonlyArray<string>): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TopologyError(`context "cells" names ${twice} twice`);
}

function requireOne(cells: ReadonlyArray<Cell>): readonly [Cell] {
  const [cell, second] = cells;
  if (cell === undefined) throw new TopologyError('context "cells" is empty');
  if (second !== undefined) {
    throw new TopologyError(
      `context "cells" lists ${cells.map(({ name }) => name).join(', ')}, but several cells are not supported yet: keep one`,
    );
  }
  return [cell];
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
