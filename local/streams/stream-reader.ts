import type { RoleClient } from '../states/role-client.ts';
import { isObject } from '../template/json.ts';
import type { StreamRecord } from './batch.ts';
import type { StreamMapping } from './mapping.ts';

/** The stream did not answer as one would like; it is asked again later. */
export class StreamUnavailableError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'StreamUnavailableError';
  }
}

/** Reads a stream as Lambda does: with the function's role, over the gateway. */
export interface StreamReader {
  /** The next records, up to 1,000 of them; none at the end. Throws StreamUnavailableError. */
  read(): Promise<ReadonlyArray<StreamRecord>>;
  /** What is read next stands after this sequence number; undefined is where the mapping begins. */
  seek(after: string | undefined): void;
  /** Finds the place already, for a mapping that begins at the stream's end. Throws likewise. */
  open(): Promise<void>;
}

export function createStreamReader(mapping: StreamMapping, callAs: RoleClient): StreamReader {
  return new IteratingReader(mapping, callAs);
}

class IteratingReader implements StreamReader {
  readonly #mapping: StreamMapping;
  readonly #callAs: RoleClient;
  #after: string | undefined;
  #iterator: string | undefined;

  constructor(mapping: StreamMapping, callAs: RoleClient) {
    this.#mapping = mapping;
    this.#callAs = callAs;
  }

  seek(after: string | undefined): void {
    this.#after = after;
    this.#iterator = undefined;
  }

  async open(): Promise<void> {
    this.#iterator ??= await this.#findIterator();
  }

  async read(): Promise<ReadonlyArray<StreamRecord>> {
    await this.open();
    const { Records, NextShardIterator } = await this.#call('GetRecords', {
      ShardIterator: this.#iterator,
      Limit: 1_000,
    });
    this.#iterator = typeof NextShardIterator === 'string' ? NextShardIterator : undefined;
    return Array.isArray(Records) ? Records.filter(isObject) : [];
  }

  async #findIterator(): Promise<string> {
    const { streamArn: StreamArn, startingPosition } = this.#mapping;
    const { StreamDescription } = await this.#call('DescribeStream', { StreamArn });
    const shards = isObject(StreamDescription) ? StreamDescription['Shards'] : undefined;
    const [shard] = Array.isArray(shards) ? shards : [];
    if (!isObject(shard)) throw new StreamUnavailableError(`${StreamArn} has no shard`);
    const { ShardIterator } = await this.#call('GetShardIterator', {
      StreamArn,
      ShardId: shard['ShardId'],
      ...(this.#after === undefined
        ? { ShardIteratorType: startingPosition }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: this.#after }),
    });
    return String(ShardIterator);
  }

  async #call(operation: string, input: object): Promise<Record<string, unknown>> {
    const { principal } = this.#mapping;
    const answer = await this.#callAs(principal, {
      service: 'dynamodb',
      region: principal.region ?? '',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
      },
      body: JSON.stringify(input),
    });
    if (answer.status === 200) return { ...Object(JSON.parse(answer.body)) };
    const why = answer.status === undefined ? 'no answer' : answer.body;
    throw new StreamUnavailableError(`${operation}: ${why}`);
  }
}
