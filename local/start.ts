/** `npm start`: synthesizes the app and runs it on this machine, until Ctrl-C. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellsOf } from './cell-regions.ts';
import { parseStartOptions, type StartOptions, USAGE, UsageError } from './cli/options.ts';
import { describeCloud } from './cli/summary.ts';
import { type Closer, closeAll } from './closing.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { CustomResourceError } from './custom-resources.ts';
import { startDynamoDbLocal, whyNoDynamoDbLocal } from './dynamodb/dynamodb-local.ts';
import { PortInUseError } from './loopback.ts';
import { DataDirectoryError } from './state.ts';
import { synthesize } from './synthesis.ts';
import { SynthesisError } from './synthesis-process.ts';
import { ParameterError, TemplateError } from './template/template-error.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASSEMBLIES = fileURLToPath(new URL('../.tmp/assemblies', import.meta.url));

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const PARENT_CHECK_MS = 500;

const closers: Array<Closer> = [];
let isEnding = false;

try {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    endOnSignal();
    endWithNpm();
    const cloud = await run(options);
    console.log(describeCloud(cloud));
    console.log('\nready');
    // A first click need not wait for a cold start; nothing depends on it.
    await cloud.warm();
  }
} catch (error) {
  await closeAll(closers).catch(() => undefined);
  process.exit(report(error));
}

async function run(options: StartOptions): Promise<Cloud> {
  const startedAt = performance.now();
  const progress = (step: string) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${seconds.padStart(5)} s  ${step}`);
  };
  const cells = cellsOf(options.cells);
  const { dataDirectory, port, parameters, latency, concurrency } = options;
  const cloud = await startCloud({
    assemble: () => {
      progress('synthesizing (up to half a minute when something has changed)');
      return synthesize({ root: ROOT, cells, cacheDirectory: ASSEMBLIES });
    },
    cells,
    port,
    parameters,
    latency,
    concurrency,
    ...(dataDirectory !== undefined && { dataDirectory }),
    ...(options.dynamodb === 'local' && { dynamodbEngine: await startJava() }),
    onProgress: progress,
    onWarning: (warning) => console.error(warning),
  });
  closers.push(cloud.close);
  progress('started');
  return cloud;
}

async function startJava(): Promise<{ endpoint: string }> {
  const obstacle = await whyNoDynamoDbLocal();
  if (obstacle !== undefined) throw new UsageError(`--dynamodb local: ${obstacle}`);
  const dynamodb = await startDynamoDbLocal();
  closers.push(dynamodb.close);
  return { endpoint: dynamodb.endpoint };
}

function endOnSignal(): void {
  process.on('SIGINT', end).on('SIGTERM', end);
}

/**
 * npm passes a SIGTERM to the shell between us, which dies of it and tells nobody: this process then
 * is the child of another, and would keep its ports. Started without npm, it outlives its shell.
 */
function endWithNpm(): void {
  const { npm_lifecycle_event: script, npm_package_json: manifest } = process.env;
  // Shells below another project's start script inherit its variables.
  if (script !== 'start' || manifest !== join(ROOT, 'package.json')) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    void end();
  }, PARENT_CHECK_MS);
  watch.unref();
}

/** Closes once, though signals and a parent that has gone come together; a second Ctrl-C does not wait. */
async function end(): Promise<void> {
  process.off('SIGINT', end).off('SIGTERM', end);
  if (isEnding) return;
  isEnding = true;
  await closeAll(closers).catch((error: unknown) => console.error(error));
  process.exit(0);
}

/** One sentence for what the caller can mend; the whole error for what is our fault. */
function report(error: unknown): number {
  const isUsage =
    error instanceof UsageError ||
    error instanceof ParameterError ||
    error instanceof PortInUseError ||
    error instanceof DataDirectoryError;
  const isExplained =
    isUsage ||
    error instanceof SynthesisError ||
    error instanceof TemplateError ||
    error instanceof CustomResourceError;
  console.error(isExplained ? `npm start: ${error.message}` : error);
  return isUsage ? EXIT_USAGE : EXIT_FAILED;
}
