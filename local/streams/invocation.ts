import { randomUUID } from 'node:crypto';
import type { FunctionPool } from '../lambda/function-pool.ts';
import type { JsonObject } from '../template/json.ts';
import { AwsError } from '../types.ts';
import { countDone } from './batch.ts';
import type { StreamMapping } from './mapping.ts';

/** How many records at the front are done with; or why the function did not run at all. */
export type Attempt =
  | { readonly done: number; readonly requestId: string }
  | 'throttled'
  | 'unavailable';

/** Has the function work on the records, as Lambda itself does: that needs nobody's permission. */
export async function invokeWithRecords(
  { reportsItemFailures }: StreamMapping,
  pool: FunctionPool,
  Records: ReadonlyArray<JsonObject>,
): Promise<Attempt> {
  const requestId = randomUUID();
  try {
    const result = await pool.invoke(JSON.stringify({ Records }), requestId);
    if (result.functionError !== undefined) return { done: 0, requestId };
    const answer: unknown = reportsItemFailures ? JSON.parse(result.payload) : undefined;
    return { done: countDone(Records, answer), requestId };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.status === 429 ? 'throttled' : 'unavailable';
  }
}
