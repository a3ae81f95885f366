import type { RequestRecord } from '../local/http-api/access-log.ts';
import type { CallRecord } from '../local/types.ts';
import type { TestCloud } from '../test/harness/cloud.ts';

/** What a flow may cost in AWS calls (DESIGN §8); measured values have the same shape. */
export interface Budget {
  /** Of all its requests together. */
  readonly calls: number;
  /** The longest chain of calls that wait for each other. */
  readonly depth: number;
  /** Those of `calls` that go to KMS. */
  readonly kms: number;
  /**
   * Those of `calls` that leave the region: to other cells, signs of life among them, and to the
   * primary copy of the directory. None unless said.
   */
  readonly abroad?: number;
}

export interface Measurement extends Budget {
  /** Milliseconds for which requests waited for AWS, the ways between regions among them. */
  readonly waitMs: number;
  readonly records: ReadonlyArray<CallRecord>;
  readonly requests: ReadonlyArray<RequestRecord>;
}

/** Runs `act` and answers with everything that it made the cloud do. Nothing else may run beside. */
export async function measure(
  { cloud, mark, calls }: TestCloud,
  act: () => Promise<unknown>,
): Promise<Measurement> {
  const seq = mark();
  const before = new Set(cloud.requests().map(({ requestId }) => requestId));
  await act();
  const records = calls(seq);
  return {
    calls: records.length,
    depth: depthOf(records),
    kms: records.filter(({ service }) => service === 'kms').length,
    abroad: records.filter(isAbroad).length,
    waitMs: waitOf(records),
    records,
    requests: cloud.requests().filter(({ requestId }) => !before.has(requestId)),
  };
}

function isAbroad({ callerRegion, region }: CallRecord): boolean {
  return callerRegion !== undefined && callerRegion !== region;
}

/** Requests of one flow follow each other: their depths add up. */
function depthOf(records: ReadonlyArray<CallRecord>): number {
  const deepest = new Map<string | undefined, number>();
  for (const { requestId, depth } of records) {
    deepest.set(requestId, Math.max(depth, deepest.get(requestId) ?? 0));
  }
  return [...deepest.values()].reduce((sum, depth) => sum + depth, 0);
}

/** Calls side by side are waited for together; what another cell does meanwhile is part of its call. */
function waitOf(records: ReadonlyArray<CallRecord>): number {
  const longest = new Map<string, number>();
  for (const { requestId, parentRequestId, depth, durationMs } of records) {
    if (parentRequestId !== undefined) continue;
    const step = `${requestId} ${depth}`;
    longest.set(step, Math.max(durationMs, longest.get(step) ?? 0));
  }
  return [...longest.values()].reduce((sum, duration) => sum + duration, 0);
}

/** What is over, in words; empty within budget. */
export function overruns(measured: Budget, budget: Budget): ReadonlyArray<string> {
  const names = ['calls', 'depth', 'kms', 'abroad'] as const;
  const of = (one: Budget, name: (typeof names)[number]) => one[name] ?? 0;
  return names
    .filter((name) => of(measured, name) > of(budget, name))
    .map((name) => `${name} ${of(measured, name)} instead of ${of(budget, name)}`);
}
