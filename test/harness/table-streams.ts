import { z } from 'zod';
import { OPERATOR } from '../../local/infrastructure.ts';
import type { TestCloud } from './cloud.ts';

/** As `GetRecords` tells it, with the table whose stream it lies in. */
export interface StreamedRecord {
  readonly table: string;
  readonly record: unknown;
}

const Streams = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) });
const Description = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
});
const Iterator = z.object({ ShardIterator: z.string() });
const Records = z.object({ Records: z.array(z.unknown()), NextShardIterator: z.string() });

/** Of one table, or after what was read before: `positions` holds where each shard was left. */
export interface Reading {
  readonly TableName?: string;
  readonly positions?: Map<string, string>;
}

/** All that the streams of a region's tables hold; oldest first in each. */
export async function readTableStreams(
  cloud: TestCloud,
  region: string,
  { TableName, positions = new Map() }: Reading = {},
): Promise<ReadonlyArray<StreamedRecord>> {
  const ask = async <Answer>(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    answer: z.ZodType<Answer>,
  ): Promise<Answer> => {
    const dynamodb = cloud.cloud.infrastructure.regions.get(region)?.dynamodb;
    const asked = {
      service: 'dynamodb',
      region,
      operation,
      principal: OPERATOR,
      headers: {},
      input,
    };
    return answer.parse(JSON.parse((await dynamodb?.handle(asked))?.body ?? ''));
  };
  const found: Array<StreamedRecord> = [];
  const { Streams: streams } = await ask('ListStreams', { TableName }, Streams);
  for (const { StreamArn } of streams) {
    const { StreamDescription: described } = await ask(
      'DescribeStream',
      { StreamArn },
      Description,
    );
    const table = StreamArn.split('/')[1] ?? '';
    for (const { ShardId } of described.Shards) {
      const shard = `${StreamArn} ${ShardId}`;
      const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      let position =
        positions.get(shard) ?? (await ask('GetShardIterator', start, Iterator)).ShardIterator;
      for (let isMore = true; isMore; ) {
        const page = await ask('GetRecords', { ShardIterator: position }, Records);
        for (const record of page.Records) found.push({ table, record });
        isMore = page.Records.length > 0;
        position = page.NextShardIterator;
      }
      positions.set(shard, position);
    }
  }
  return found;
}
