import { setTimeout as delay } from 'node:timers/promises';
import {
  type $Command,
  DynamoDBClient,
  type DynamoDBClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { UnavailableError } from '../../core/errors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';
import { silent } from '../silent-clients.ts';

/** Attempts when another transaction holds an item; the SDK does not retry these itself. */
const CONFLICT_ATTEMPTS = 5;
const CONFLICT_BASE_DELAY_MS = 25;

const THROTTLED_REASONS: ReadonlySet<string> = new Set([
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** One client per container. */
export function createDynamo(): DynamoDBClient {
  return silent(new DynamoDBClient(AWS_CLIENT_SETTINGS));
}

/**
 * Sends a command. Throttling, timeouts and 5xx become UnavailableError; transaction conflicts
 * are retried with jitter, then become UnavailableError too. A failed condition
 * (ConditionalCheckFailedException, TransactionCanceledException) passes: it is an answer.
 */
export async function sendDynamo<
  Input extends ServiceInputTypes,
  Output extends ServiceOutputTypes,
>(
  client: DynamoDBClient,
  command: $Command<
    Input,
    Output,
    DynamoDBClientResolvedConfig,
    ServiceInputTypes,
    ServiceOutputTypes
  >,
): Promise<Output> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callAws('DynamoDB', () => client.send(command));
    } catch (error) {
      if (isThrottledTransaction(error)) throw new UnavailableError('DynamoDB', error);
      if (!isConflict(error)) throw error;
      if (attempt === CONFLICT_ATTEMPTS) throw new UnavailableError('DynamoDB', error);
    }
    await delay(Math.random() * CONFLICT_BASE_DELAY_MS * 2 ** attempt);
  }
}

/** The codes of a cancelled transaction, in the order of its items; `None` for the innocent. */
export function cancellationCodes(error: unknown): ReadonlyArray<string> {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map((reason) => reason.Code ?? 'None');
}

/** True when nothing but a conflict stood in the way: a failed condition is final. */
function isConflict(error: unknown): boolean {
  if (error instanceof UnavailableError) return error.cause instanceof TransactionConflictException;
  const codes = cancellationCodes(error).filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => code === 'TransactionConflict');
}

function isThrottledTransaction(error: unknown): boolean {
  const codes = cancellationCodes(error);
  return !codes.includes('ConditionalCheckFailed') && codes.some((c) => THROTTLED_REASONS.has(c));
}
