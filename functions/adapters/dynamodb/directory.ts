import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { IdentifierHash, Sub } from '../../core/ids.ts';
import type { Directory } from '../../core/ports/accounts.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { hmacIdentifier } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

interface DirectoryDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  readonly loadKeyring: () => Promise<Keyring>;
}

/** Who has which address; the address itself is not in it. */
export function createDirectory(deps: DirectoryDeps): Directory {
  return {
    async hash(kind, normalised) {
      const keyring = await deps.loadKeyring();
      return hmacIdentifier(keyring.key('identifier-pepper'), kind, normalised);
    },

    async findSub(identifier) {
      const { Item: item } = await sendDynamo(
        deps.dynamo,
        new GetItemCommand({
          TableName: deps.directoryTable,
          Key: identifierKey(identifier),
          ProjectionExpression: '#sub',
          ExpressionAttributeNames: { '#sub': 'sub' },
        }),
      );
      return item?.['sub']?.S as Sub | undefined;
    },
  };
}

/** Claims an identifier for a person; of two claims, one fails its condition. */
export function claimIdentifier(
  directoryTable: string,
  claim: { identifier: IdentifierHash; sub: Sub; cell: string; now: EpochSeconds },
): TransactWriteItem {
  return {
    Put: {
      TableName: directoryTable,
      Item: {
        ...identifierKey(claim.identifier),
        v: { N: '1' },
        sub: { S: claim.sub },
        cell: { S: claim.cell },
        createdAt: { N: String(claim.now) },
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

function identifierKey(identifier: IdentifierHash): Item {
  return { pk: { S: `IDENTIFIER#${identifier}` }, sk: { S: 'IDENTIFIER' } };
}
