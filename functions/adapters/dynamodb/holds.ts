import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { Sub } from '../../core/ids.ts';
import type { Hold, HoldId, Holds } from '../../core/ports/holds.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { decryptAttribute, encryptAttribute } from '../crypto/person-cipher.ts';
import { dataKeyKey, decodeDataKey, type Item, userPartition } from './account-items.ts';
import { countHold } from './account-status.ts';
import { actOf } from './acts.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

const PREFIX = 'HOLD#';
const MAX_LISTED = 100;

interface HoldsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly keyTable: string;
  /** The cell's own. */
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
}

export function createHolds(deps: HoldsDeps): Holds {
  const { dynamo, dataTable } = deps;
  return {
    async place(sub, { holdId, reason }, acting) {
      const dataKey = await findDataKey(deps, sub);
      if (dataKey === undefined) return 'closed';
      const act = actOf(withoutReason(acting), { kind: 'hold.placed', sub, object: holdId });
      const item = encodeHold(dataKey, sub, { holdId, reason }, acting);
      const failed = await transact(dynamo, [
        countHold(dataTable, sub, { change: 1, act }),
        { Put: { TableName: dataTable, Item: item, ConditionExpression: ABSENT } },
      ]);
      // The second item alone: this very hold stands already.
      return failed === undefined || failed === 1 ? 'placed' : 'closed';
    },

    async release(sub, holdId, acting) {
      const act = actOf(acting, { kind: 'hold.released', sub, object: holdId });
      const failed = await transact(dynamo, [
        countHold(dataTable, sub, { change: -1, act }),
        {
          Delete: {
            TableName: dataTable,
            Key: holdKey(sub, holdId),
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
      ]);
      return failed === undefined;
    },

    async list(sub) {
      const [dataKey, { Items: items = [] }] = await Promise.all([
        findDataKey(deps, sub),
        sendDynamo(dynamo, queryHolds(dataTable, sub)),
      ]);
      if (dataKey === undefined) return undefined;
      const holds = items.map((item) => decodeHold(dataKey, sub, item));
      return holds.sort((a, b) => a.placedAt - b.placedAt);
    },
  };
}

const ABSENT = 'attribute_not_exists(pk)';

/** It may tell of the person, and the audit trail outlives them. */
function withoutReason({ reason: _, ...acting }: Acting): Acting {
  return acting;
}

function queryHolds(dataTable: string, sub: Sub): QueryCommand {
  return new QueryCommand({
    TableName: dataTable,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :hold)',
    ExpressionAttributeValues: { ':pk': { S: userPartition(sub) }, ':hold': { S: PREFIX } },
    Limit: MAX_LISTED,
  });
}

function encodeHold(
  dataKey: Uint8Array,
  sub: Sub,
  { holdId, reason }: Pick<Hold, 'holdId' | 'reason'>,
  { actor, at }: Acting,
): Item {
  return {
    ...holdKey(sub, holdId),
    v: { N: '1' },
    reason: { B: encryptAttribute(dataKey, bindingOf(sub, holdId), reason) },
    placedAt: { N: String(at) },
    placedBy: { S: actor.type === 'client' ? actor.clientId : actor.type },
  };
}

/** Throws when the reason was altered or moved here from another hold. */
function decodeHold(dataKey: Uint8Array, sub: Sub, item: Item): Hold {
  const holdId = (item['sk']?.S ?? '').slice(PREFIX.length) as HoldId;
  const sealed = item['reason']?.B ?? new Uint8Array();
  return {
    holdId,
    reason: decryptAttribute(dataKey, bindingOf(sub, holdId), sealed),
    placedAt: Number(item['placedAt']?.N) as EpochSeconds,
    placedBy: item['placedBy']?.S ?? '',
  };
}

async function findDataKey(deps: HoldsDeps, sub: Sub): Promise<Uint8Array | undefined> {
  const { Item: item } = await sendDynamo(
    deps.dynamo,
    new GetItemCommand({
      TableName: deps.keyTable,
      Key: dataKeyKey(sub),
      ConsistentRead: true,
    }),
  );
  return item === undefined ? undefined : decodeDataKey(await deps.loadKeyring(), sub, item);
}

function holdKey(sub: Sub, holdId: HoldId): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: PREFIX + holdId } };
}

function bindingOf(sub: Sub, holdId: HoldId) {
  return { sub, name: `hold:${holdId}`, version: 1 };
}
