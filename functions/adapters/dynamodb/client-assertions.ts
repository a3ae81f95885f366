import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClientAssertions } from '../../core/ports/clients.ts';
import { hashSecret } from '../crypto/hash.ts';
import { useOnce } from './single-use.ts';

interface AssertionsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/** Remembers each `jti` until its assertion has expired. */
export function createClientAssertions({ dynamo, dataTable }: AssertionsDeps): ClientAssertions {
  return {
    consume(clientId, jti, expiresAt) {
      // A client id holds no colon, so that no two pairs read the same.
      const pk = `ASSERTION#${hashSecret(`${clientId}:${jti}`)}`;
      return useOnce(dynamo, { table: dataTable, pk, sk: 'ASSERTION', expiresAt });
    },
  };
}
