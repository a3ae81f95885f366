import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CellName } from '../core/cells.ts';
import { HttpError, InvariantError, OAuthError, UnavailableError } from '../core/errors.ts';
import { type CountedEvent, METRICS_NAMESPACE } from '../environment.ts';

/** What one request leaves behind. Never a body, other parameter, cookie, token or address. */
export interface RequestRecord {
  readonly route: string;
  readonly requestId: string;
  readonly status: number;
  readonly durationMs: number;
  readonly error?: unknown;
  /** Opaque ids, once they are known to be ours. */
  readonly clientId?: string;
  readonly sub?: string;
  /** Between cells: which one it was handed to, or came from. */
  readonly forwardedTo?: CellName;
  readonly forwardedBy?: CellName;
  readonly untold?: CellName;
  readonly counts: ReadonlyArray<CountedEvent>;
}

/**
 * One JSON line per request, and an EMF record of what it counted with the dimension `service`.
 * Durations and errors are not counted: Lambda and the API do so themselves, and metrics cost.
 */
export function createRequestLog(surface: string): (record: RequestRecord) => void {
  const logger = new Logger({ serviceName: surface });
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: surface });

  return ({ error, counts, ...record }) => {
    const line = {
      ...record,
      ...(counts.length > 0 && { events: counts }),
      ...(error !== undefined && { failure: describeError(error) }),
    };
    if (record.status >= 500) logger.error('request failed', line);
    else logger.info('request', line);

    if (counts.length === 0) return;
    for (const name of counts) metrics.addMetric(name, MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
}

/**
 * An allow-list: of errors that are not ours only name and frames. The SDK's carry whole items,
 * SES's quote addresses, parsers quote their input, and none of it may reach a log.
 */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof OAuthError) {
    return { name: error.name, code: error.code, detail: error.detail, ...causeOf(error) };
  }
  if (error instanceof HttpError) return { name: error.name, detail: error.detail };
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    ...(isMessageSafe(error) && { message: error.message }),
    frames: framesOf(error),
    ...causeOf(error),
  };
}

function causeOf(error: Error): { cause?: Readonly<Record<string, unknown>> } {
  return error.cause === undefined ? {} : { cause: describeError(error.cause) };
}

/** Ours, or AWS's sentence that names the action, the role and the resource of a missing grant. */
function isMessageSafe(error: Error): boolean {
  if (error instanceof InvariantError || error instanceof UnavailableError) return true;
  return error.name === 'AccessDeniedException';
}

/** The stack without its first lines, which repeat the message. */
function framesOf(error: Error): ReadonlyArray<string> {
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('at ')).slice(0, 8);
}
