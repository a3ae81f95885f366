import type { CallRecord } from '../types.ts';

/** A call that has begun; `end` closes it with `ok` or AWS's error code. */
export interface OpenCall {
  end(outcome: string): CallRecord;
}

export type CallStart = Pick<
  CallRecord,
  | 'region'
  | 'service'
  | 'operation'
  | 'principal'
  | 'resource'
  | 'items'
  | 'requestId'
  | 'parentRequestId'
  | 'callerRegion'
> & {
  /** As the caller counted it; undefined for callers that are no functions. */
  readonly depth: number | undefined;
};

export interface CallLog {
  begin(call: CallStart): OpenCall;
  since(seq: number): ReadonlyArray<CallRecord>;
  clear(): void;
}

/** How many calls are kept. */
const CAPACITY = 10_000;
/** How many requests' depths are remembered while their calls come in. */
const REQUESTS = 2_000;

/**
 * The AWS call log. A call's depth is 1 + the deepest call of the same request that had ended
 * before it began: calls that run side by side share a depth. Functions count it themselves.
 */
export function createCallLog(nowMs: () => number): CallLog {
  let records: Array<CallRecord> = [];
  let seq = 0;
  const deepestEnded = new Map<string, number>();

  const remember = (requestId: string | undefined, depth: number) => {
    if (requestId === undefined) return;
    const deepest = Math.max(depth, deepestEnded.get(requestId) ?? 0);
    deepestEnded.delete(requestId);
    deepestEnded.set(requestId, deepest);
    const [oldest] = deepestEnded.keys();
    if (deepestEnded.size > REQUESTS && oldest !== undefined) deepestEnded.delete(oldest);
  };

  return {
    begin(call) {
      const startedAt = performance.now();
      const at = new Date(nowMs()).toISOString();
      const depth = call.depth ?? 1 + (deepestEnded.get(call.requestId ?? '') ?? 0);
      return {
        end(outcome) {
          const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
          seq += 1;
          const record: CallRecord = { seq, at, ...call, depth, durationMs, outcome };
          remember(call.requestId, depth);
          records.push(record);
          if (records.length > CAPACITY) records = records.slice(-CAPACITY / 2);
          return record;
        },
      };
    },
    // They are numbered without a gap.
    since: (after) => records.slice(Math.max(0, after + 1 - (records[0]?.seq ?? 0))),
    clear: () => {
      // The sequence goes on, so that a reader's cursor stays valid.
      records = [];
      deepestEnded.clear();
    },
  };
}
