import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import type { Sub } from '../../core/ids.ts';
import type { ErasedAgain } from '../../core/ports/erasures.ts';
import { dataKeyKey } from './account-items.ts';
import { createActLog, logAct } from './act-log.ts';
import { deleteItems, findIdentifier, queryPage } from './erasure-collection.ts';
import { deletePointer, orRefused } from './quarantine.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

interface ReplayDeps {
  readonly dynamo: DynamoDBClient;
  /** Live ones, or restored copies. */
  readonly dataTable: string;
  readonly keyTable: string;
  /** The live data table, whose stream is gathered. */
  readonly actsTable: string;
}

const PAGE_ITEMS = 250;

export function createErasedAgain(deps: ReplayDeps): ErasedAgain {
  const recordAct = createActLog({ ...deps, dataTable: deps.actsTable });
  return {
    // The key first, as at the first time. The pointer before the account that leads to it.
    async erase(sub, act) {
      const keys = await destroyKey(deps, sub, act);
      await removePointer(deps, sub);
      let items = 0;
      for (;;) {
        const page = await queryPage(deps, sub, { limit: PAGE_ITEMS, keysAlone: true });
        // Before the first goes: a repetition may find none, and has nothing to tell of then.
        const isUntold = items + keys === 0;
        if (isUntold && page.items.length > 0) await recordAct(act);
        await deleteItems(deps, page.items);
        items += page.items.length;
        if (page.cursor === undefined) return { items, keys };
      }
    },
  };
}

/**
 * With its act, in one transaction: of a key that is gone nothing tells that it was here. Where there is
 * none, nothing is written. To look first would take a right to read keys in restored copies.
 */
async function destroyKey(
  { dynamo, keyTable, actsTable }: ReplayDeps,
  sub: Sub,
  act: Act,
): Promise<number> {
  const remove = {
    Delete: {
      TableName: keyTable,
      Key: dataKeyKey(sub),
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
  const failed = await transact(dynamo, [remove, logAct(actsTable, act)]);
  return failed === undefined ? 1 : 0;
}

async function removePointer(deps: ReplayDeps, sub: Sub): Promise<void> {
  const { dynamo, dataTable } = deps;
  const identifier = await findIdentifier(deps, sub);
  if (identifier === undefined) return;
  await orRefused(sendDynamo(dynamo, deletePointer(dataTable, identifier, sub)));
}
