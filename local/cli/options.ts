import { parseArgs } from 'node:util';
import { DEFAULT_CONCURRENCY } from '../lambda/concurrency.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly cells: ReadonlyArray<string>;
  readonly port: number;
  readonly dataDirectory: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly latency: 'none' | 'aws';
  readonly dynamodb: 'dynalite' | 'local';
  /** How many functions may run at once in each region. */
  readonly concurrency: number;
  readonly help: boolean;
}

/** The command line is wrong; the message is the one sentence that says how. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const USAGE = `Runs Domicile on this machine, from the template that deploys.

  npm start -- [options]

  --port PORT          issuer's port; cell i listens on PORT+i, the demo apps on
                       PORT+10 and PORT+11; 0 takes free ones      (default 4000)
  --cells NAME,…       cells, each in a region of its own; the first one is the
                       primary, such as eu,us,ap                   (default eu)
  --data DIR           keep everything in DIR over restarts        (default: in memory)
  --param KEY=VALUE    stack parameter, as cdk deploy takes it; repeatable
  --latency aws        add the time that AWS's services typically take, and the way
                       between regions
  --dynamodb local     use Amazon's DynamoDB Local (needs Java 17) instead of dynalite
  --concurrency N      functions that may run at once in each region, before
                       further ones are throttled                  (default 1000)
  --help               show this
`;

const OPTIONS = {
  port: { type: 'string', default: '4000' },
  cells: { type: 'string', default: 'eu' },
  data: { type: 'string' },
  param: { type: 'string', multiple: true, default: [] as Array<string> },
  latency: { type: 'string', default: 'none' },
  dynamodb: { type: 'string', default: 'dynalite' },
  concurrency: { type: 'string', default: String(DEFAULT_CONCURRENCY) },
  help: { type: 'boolean', default: false },
} as const;

/** Throws UsageError. */
export function parseStartOptions(args: ReadonlyArray<string>): StartOptions {
  const { values } = parse(args);
  return {
    cells: parseCells(values.cells),
    port: parsePort(values.port),
    dataDirectory: values.data === undefined ? undefined : requireText('--data', values.data),
    parameters: Object.fromEntries(values.param.map(parseParameter)),
    latency: parseChoice('--latency', values.latency, ['none', 'aws']),
    dynamodb: parseChoice('--dynamodb', values.dynamodb, ['dynalite', 'local']),
    concurrency: parseConcurrency(values.concurrency),
    help: values.help,
  };
}

function parse(args: ReadonlyArray<string>) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence names the flag; what follows explains shells.
    const [sentence = ''] = error.message.split(/[.\n](?:\s|$)/);
    throw new UsageError(`${sentence.replace(/ '(-[^ ]*) <value>'/, " '$1'")}; see --help`);
  }
}

/** A cell beyond 9 would listen where the demo apps do. */
const MAX_CELLS = 9;
/** Ports below are the system's; browsers leave 80 out of the Host header, which is checked. */
const MIN_PORT = 1024;
/** The issuer's port + 11 is the last one used. */
const MAX_PORT = 65_535 - 11;

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && (port === 0 || (port >= MIN_PORT && port <= MAX_PORT))) return port;
  throw new UsageError(`--port must be 0 or ${MIN_PORT} to ${MAX_PORT}, not '${text}'`);
}

/** What an AWS account can be given on request. */
const MAX_CONCURRENCY = 100_000;

function parseConcurrency(text: string): number {
  const count = Number(text);
  if (/^[1-9]\d*$/.test(text) && count <= MAX_CONCURRENCY) return count;
  throw new UsageError(`--concurrency must be 1 to ${MAX_CONCURRENCY}, not '${text}'`);
}

function parseCells(text: string): ReadonlyArray<string> {
  const cells = text.split(',').map((cell) => cell.trim());
  const bad = cells.find((cell) => !/^[a-z][a-z0-9]{1,7}$/.test(cell));
  if (bad !== undefined) {
    throw new UsageError(`--cells must be names such as eu, comma-separated, not '${bad}'`);
  }
  if (new Set(cells).size < cells.length) throw new UsageError('--cells names a cell twice');
  if (cells.length > MAX_CELLS) throw new UsageError(`--cells takes ${MAX_CELLS} at most`);
  return cells;
}

function parseParameter(text: string): [name: string, value: string] {
  const [, name, value] = /^((?:[\w-]+:)?[A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--param must be KEY=VALUE, not '${text}'`);
  }
  return [name, value];
}

function parseChoice<Choice extends string>(
  flag: string,
  text: string,
  choices: ReadonlyArray<Choice>,
): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`${flag} must be ${choices.join(' or ')}, not '${text}'`);
}

function requireText(flag: string, text: string): string {
  if (text === '') throw new UsageError(`${flag} needs a value`);
  return text;
}
