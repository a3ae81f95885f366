import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { callAws } from '../../functions/adapters/aws-errors.ts';
import { sendDynamo } from '../../functions/adapters/dynamodb/send.ts';
import { UnavailableError } from '../../functions/core/errors.ts';

function named(name: string, extra: object = {}): Error {
  return Object.assign(new Error(name), { name }, extra);
}

function cancelled(...codes: ReadonlyArray<string>): TransactionCanceledException {
  return new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

/** A client that fails with each of these in turn, then answers. */
function clientFailing(...errors: ReadonlyArray<Error>) {
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  let attempts = 0;
  client.middlewareStack.add(
    () => async () => {
      const error = errors[attempts];
      attempts += 1;
      if (error !== undefined) throw error;
      return { output: { $metadata: {} }, response: {} };
    },
    { step: 'initialize' },
  );
  return { client, attempts: () => attempts };
}

const command = new GetItemCommand({ TableName: 't', Key: {} });

describe('failures of AWS after the SDK’s retries', () => {
  it.each([
    ['throttling', named('ThrottlingException')],
    ['an exhausted throughput', named('ProvisionedThroughputExceededException')],
    ['a timeout', named('TimeoutError')],
    ['a refused connection', named('Error', { code: 'ECONNREFUSED' })],
    ['a 5xx', named('Oops', { $metadata: { httpStatusCode: 500 } })],
    ['a fault of the server', named('Oops', { $fault: 'server' })],
  ])('say 503 for %s', async (_what, error) => {
    const failing = callAws('KMS', () => Promise.reject(error));
    await expect(failing).rejects.toMatchObject({
      name: 'UnavailableError',
      dependency: 'KMS',
      cause: error,
    });
  });

  it.each([
    [
      'a missing permission',
      named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }),
    ],
    ['a failed condition', new ConditionalCheckFailedException({ message: 'no', $metadata: {} })],
    ['a mistake of ours', new TypeError('x is undefined')],
  ])('are not covered up: %s passes', async (_what, error) => {
    await expect(callAws('KMS', () => Promise.reject(error))).rejects.toBe(error);
  });
});

describe('transactions', () => {
  it('in conflict with another are tried again', async () => {
    const conflict = cancelled('None', 'TransactionConflict');
    const { client, attempts } = clientFailing(conflict, conflict);
    await sendDynamo(client, command);
    expect(attempts()).toBe(3);
  });

  it('are given up after five conflicts', async () => {
    const { client, attempts } = clientFailing(...Array(10).fill(cancelled('TransactionConflict')));
    await expect(sendDynamo(client, command)).rejects.toBeInstanceOf(UnavailableError);
    expect(attempts()).toBe(5);
  });

  it('with a failed condition are an answer, not tried again', async () => {
    const refused = cancelled('ConditionalCheckFailed', 'TransactionConflict');
    const { client, attempts } = clientFailing(refused);
    await expect(sendDynamo(client, command)).rejects.toBe(refused);
    expect(attempts()).toBe(1);
  });

  it('that were throttled say 503', async () => {
    const { client } = clientFailing(cancelled('ThrottlingError'));
    await expect(sendDynamo(client, command)).rejects.toBeInstanceOf(UnavailableError);
  });
});
