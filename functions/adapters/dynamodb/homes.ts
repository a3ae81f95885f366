import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { CellName } from '../../core/cells.ts';
import type { Sub } from '../../core/ids.ts';
import type { Homes } from '../../core/ports/homes.ts';
import type { Item } from './account-items.ts';
import { subKey } from './identifier-items.ts';
import { sendDynamo } from './send.ts';

interface HomesDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  /** Undefined in the primary region itself. */
  readonly primary: DynamoDBClient | undefined;
}

export function createHomes({ dynamo, directoryTable, primary }: HomesDeps): Homes {
  async function read(client: DynamoDBClient, sub: Sub): Promise<CellName | undefined> {
    const { Item: item } = await sendDynamo(
      client,
      new GetItemCommand({ TableName: directoryTable, Key: subKey(sub), ConsistentRead: true }),
    );
    return homeOf(item);
  }

  async function findInPrimary(sub: Sub): Promise<CellName | undefined> {
    return primary === undefined ? undefined : read(primary, sub);
  }

  return {
    find: async (sub) => (await read(dynamo, sub)) ?? findInPrimary(sub),
    findInPrimary,
  };
}

/** The cell that a person's item in the directory names. */
export function homeOf(item: Item | undefined): CellName | undefined {
  return item?.['cell']?.S;
}
