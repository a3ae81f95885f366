/**
 * The inside of a process that runs one deployed function and nothing else, so that the processor
 * time of the process, its password-hashing threads included, is the function's. It is the entry of
 * the process; nothing imports it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { installShiftedDate } from '../local/lambda/shifted-date.ts';
import type { LoneAnswer, LoneEvent } from './function-process.ts';

const STATUS = '/proc/self/status';

const [, , file = ''] = process.argv;
const clockOffset = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
installShiftedDate(clockOffset);
const { handler } = createRequire(import.meta.url)(file);
const importCpuMs = cpuMsSince();

process.on('message', (event: LoneEvent) => void run(event));
send({ type: 'ready', importCpuMs });

async function run({ requestId, clockOffsetMs, payload }: LoneEvent): Promise<void> {
  Atomics.store(new BigInt64Array(clockOffset), 0, BigInt(clockOffsetMs));
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const result: unknown = await handler(JSON.parse(payload), {
    awsRequestId: requestId,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    getRemainingTimeInMillis: () => 30_000,
  });
  const durationMs = performance.now() - startedAt;
  const cpuMs = cpuMsSince(before);
  const answer = { payload: JSON.stringify(result ?? null), peakMiB: peakMiB() };
  send({ type: 'result', ...answer, cpuMs, durationMs });
}

/** Without an argument: since the process began. */
function cpuMsSince(before?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Most memory that this process has held. On Linux `maxRSS` begins with what the process that started
 * this one held, which may be more; the kernel's own mark for this program alone does not.
 */
function peakMiB(): number {
  const status = existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '';
  const [, peakKiB] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return (peakKiB === undefined ? process.resourceUsage().maxRSS : Number(peakKiB)) / 1024;
}

function send(answer: LoneAnswer): void {
  process.send?.(answer);
}
