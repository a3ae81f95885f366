import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { HandOvers } from '../../core/ports/hand-overs.ts';
import { useOnce } from './single-use.ts';

interface HandOversDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/** Remembers each hand-over that was taken until it would have expired anyway. */
export function createHandOvers({ dynamo, dataTable }: HandOversDeps): HandOvers {
  return {
    consume: (id, expiresAt) =>
      useOnce(dynamo, { table: dataTable, pk: `HANDOVER#${id}`, sk: 'HANDOVER', expiresAt }),
  };
}
