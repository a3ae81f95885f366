import { costOf } from './prices.ts';

/**
 * Lambda gives processor power in proportion to memory, one vCPU at this size (Lambda Developer
 * Guide, "Configure Lambda function memory").
 */
const ONE_VCPU_MIB = 1769;

/** What an invocation needs, whatever the size. */
export interface Load {
  /** Processor time at a whole vCPU. */
  readonly cpuMs: number;
  /** For AWS's answers. */
  readonly waitMs: number;
}

export interface Estimate {
  readonly durationMs: number;
  /** US dollars per million invocations, Lambda's own price only. */
  readonly dollarsPerMillion: number;
}

/** How long it takes to compute that much with a function of that size. */
export function computingMs(cpuMs: number, memoryMiB: number): number {
  return cpuMs / Math.min(1, memoryMiB / ONE_VCPU_MIB);
}

/**
 * Computing takes longer by as much as the share of a processor is smaller; waiting does not. More
 * than one vCPU helps nobody here: one request computes in one thread at a time.
 */
export function estimate({ cpuMs, waitMs }: Load, memoryMiB: number): Estimate {
  const durationMs = computingMs(cpuMs, memoryMiB) + waitMs;
  const gigabyteSeconds = (memoryMiB / 1024) * (durationMs / 1000);
  const dollars = costOf('lambdaRequest', 1) + costOf('lambdaGigabyteSecond', gigabyteSeconds);
  return { durationMs, dollarsPerMillion: dollars * 1_000_000 };
}
