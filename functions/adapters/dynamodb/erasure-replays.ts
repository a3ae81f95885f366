import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type { ErasedAgain } from '../../core/ports/erasures.ts';
import { dataKeyKey } from './account-items.ts';
import { deleteItems, findIdentifier, queryPage } from './erasure-collection.ts';
import { deletePointer, orRefused } from './quarantine.ts';
import { sendDynamo } from './send.ts';

interface ReplayDeps {
  readonly dynamo: DynamoDBClient;
  /** Live ones, or restored copies. */
  readonly dataTable: string;
  readonly keyTable: string;
}

const PAGE_ITEMS = 250;

export function createErasedAgain(deps: ReplayDeps): ErasedAgain {
  return {
    // The key first, as at the first time. The pointer before the account that leads to it.
    async erase(sub, tell) {
      const keys = await destroyKey(deps, sub);
      await removePointer(deps, sub);
      let items = 0;
      for (;;) {
        const page = await queryPage(deps, sub, { limit: PAGE_ITEMS, keysAlone: true });
        if (items === 0 && keys + page.items.length > 0) await tell();
        await deleteItems(deps, page.items);
        items += page.items.length;
        if (page.cursor === undefined) return { items, keys };
      }
    },
  };
}

async function destroyKey({ dynamo, keyTable }: ReplayDeps, sub: Sub): Promise<number> {
  const remove = new DeleteItemCommand({
    TableName: keyTable,
    Key: dataKeyKey(sub),
    ReturnValues: 'ALL_OLD',
  });
  const { Attributes: found } = await sendDynamo(dynamo, remove);
  return found === undefined ? 0 : 1;
}

async function removePointer(deps: ReplayDeps, sub: Sub): Promise<void> {
  const { dynamo, dataTable } = deps;
  const identifier = await findIdentifier(deps, sub);
  if (identifier === undefined) return;
  await orRefused(sendDynamo(dynamo, deletePointer(dataTable, identifier, sub)));
}
