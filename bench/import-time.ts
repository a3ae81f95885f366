import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A module, and the environment that it needs to load. */
export interface Runnable {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const PAIRS = 9;

// As Lambda loads it. Time on the processor, because time on the clock would measure what else the machine is doing.
const IMPORT = `
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
console.log('import-ms', (user + system) / 1000);
process.exit(0);
`;

/**
 * How many times longer the first takes to import than the second: the median over pairs of fresh
 * Node processes, run one after the other.
 */
export async function timeImports(first: Runnable, second: Runnable): Promise<number> {
  // Both files once, unmeasured: the disk's cache must not favour the second.
  await timeImport(first);
  await timeImport(second);
  const ratios: Array<number> = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const swapped = pair % 2 === 1;
    const a = await timeImport(swapped ? second : first);
    const b = await timeImport(swapped ? first : second);
    ratios.push(swapped ? b / a : a / b);
  }
  return median(ratios);
}

/** Milliseconds of processor time. */
async function timeImport({ file, environment }: Runnable): Promise<number> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=commonjs', '--eval', IMPORT, file],
    {
      env: {
        ...environment,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_LAMBDA_FUNCTION_NAME: 'bench',
      },
    },
  );
  const [, milliseconds] = /^import-ms (.+)$/m.exec(stdout) ?? [];
  if (milliseconds === undefined) throw new Error(`${file} ended while it was imported`);
  return Number(milliseconds);
}

function median(values: ReadonlyArray<number>): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('a median needs values');
  return middle;
}
