import { z } from 'zod';
import { CELL_FAILURES } from '../cell-states.ts';
import { ROTATION_MODES } from './controlled-cloud.ts';

/** What a caller of the control API got wrong; the message names it. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ControlError';
    this.status = status;
    this.code = code;
  }
}

export function notFound(what: string): ControlError {
  return new ControlError(404, 'not_found', `there is no ${what}`);
}

const MAX_SECONDS = 20 * 365 * 24 * 3600;

export const ClockSchema = z.strictObject({
  advanceSeconds: z.number().positive().max(MAX_SECONDS),
});

export const FaultSchema = z.strictObject({
  /** The service's signing name (`dynamodb`, `kms`, `ses`, `lambda`), or `*`. */
  service: z.string().min(1).max(40).toLowerCase(),
  /** The operation (`GetItem`), or `*`. */
  operation: z.string().min(1).max(80),
  region: z.string().max(40).optional(),
  /** A full ARN, or the name at its end. */
  resource: z.string().max(400).optional(),
  /** Name of the function or workflow that calls. */
  principal: z.string().max(80).optional(),
  kind: z.enum(['throttle', 'error', 'timeout', 'crash-before', 'crash-after']),
  times: z.int().min(1).max(100_000),
});

export const EntrySchema = z.strictObject({ cell: z.string().max(8) });

export const CellStateSchema = z.strictObject({
  name: z.string().max(8),
  state: z.enum(['up', 'down']),
  /** How the region's AWS endpoints fail meanwhile. */
  failure: z.enum(CELL_FAILURES).optional(),
});

/** An execution that did not succeed. */
export const RedriveSchema = z.strictObject({ arn: z.string().max(256) });

/** A table's copy, as it was `at` a time or so many seconds ago; else as late as can be. */
export const RestoreSchema = z.strictObject({
  region: z.string().max(40),
  table: z.string().max(255),
  target: z.string().max(255).optional(),
  at: z.iso.datetime().optional(),
  secondsAgo: z.number().min(0).max(MAX_SECONDS).optional(),
});

export const RotationSchema = z.strictObject({ mode: z.enum(ROTATION_MODES) });

const MAX_DELAY_MS = 600_000;

export const ReplicationSchema = z.union(
  [
    z.strictObject({ delayMs: z.int().min(0).max(MAX_DELAY_MS) }),
    z.strictObject({ paused: z.boolean() }),
  ],
  { error: `must be {"delayMs": 0 to ${MAX_DELAY_MS}} or {"paused": true or false}` },
);

export const MetadataSchema = z.record(z.string(), z.unknown());

/** Throws ControlError 400, naming the member that is wrong. */
export function parseJsonBody<Value>(body: Buffer, schema: z.ZodType<Value>): Value {
  const parsed = schema.safeParse(parseJson(body.toString('utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'body';
  throw new ControlError(400, 'invalid_request', `${where}: ${issue?.message ?? 'is invalid'}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'invalid_request', 'the body is not JSON');
  }
}
