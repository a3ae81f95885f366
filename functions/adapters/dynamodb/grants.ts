import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Grant } from '../../core/grant.ts';
import type { Sub } from '../../core/ids.ts';
import type { GrantIssuer } from '../../core/ports/grants.ts';
import { addSeconds, type EpochSeconds } from '../../core/time.ts';
import type { GrantSecrets } from '../crypto/grant-secrets.ts';
import { hashSecret, randomToken } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';
import { inBatches } from './batches.ts';
import { encodeIssuedGrant, grantsOf, isGrantAlive, REVOCATION } from './grant-items.ts';
import { sendDynamo } from './send.ts';

export interface GrantStore extends GrantIssuer {
  /** As `issue`, as an item of the caller's transaction. */
  preparing(grant: Grant, now: EpochSeconds): Promise<{ code: string; put: TransactWriteItem }>;
  /** Revokes grants as they were listed; those that had ended already cost nothing. */
  revokeItems(items: ReadonlyArray<Item>, now: EpochSeconds): Promise<void>;
}

interface GrantsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly secrets: GrantSecrets;
  readonly codeLifetimeSeconds: number;
}

/** Issues and ends grants, for the surfaces with pages. */
export function createGrants(deps: GrantsDeps): GrantStore {
  async function prepare(grant: Grant, now: EpochSeconds): Promise<{ code: string; item: Item }> {
    const secret = randomToken();
    const { sub, grantId, sessionId } = grant;
    const code = await deps.secrets.seal({ kind: 'code', sub, grantId, sessionId, secret });
    const expiresAt = addSeconds(now, deps.codeLifetimeSeconds);
    return { code, item: encodeIssuedGrant(grant, { hash: hashSecret(secret), expiresAt }) };
  }

  async function revokeItems(items: ReadonlyArray<Item>, now: EpochSeconds): Promise<void> {
    const alive = items.filter((item) => isGrantAlive(item, now));
    await inBatches(alive, (item) => revokeItem(deps, item));
  }

  return {
    async issue(grant, now) {
      const { code, item } = await prepare(grant, now);
      await sendDynamo(deps.dynamo, new PutItemCommand({ TableName: deps.dataTable, Item: item }));
      return code;
    },

    async preparing(grant, now) {
      const { code, item } = await prepare(grant, now);
      return { code, put: { Put: { TableName: deps.dataTable, Item: item } } };
    },

    async revokeOfSessions(sub, sessionIds, { now, offlineAccess }) {
      const ended = new Set<string | undefined>(sessionIds);
      const isMeant = (item: Item) =>
        ended.has(item['sessionId']?.S) && (offlineAccess === 'included' || !isOffline(item));
      for await (const items of pagesOfGrants(deps, sub)) {
        await revokeItems(items.filter(isMeant), now);
      }
    },

    revokeItems,
  };
}

/** OIDC Core §11: such a grant outlives the session. */
function isOffline(item: Item): boolean {
  return (item['scope']?.S ?? '').split(' ').includes('offline_access');
}

async function* pagesOfGrants(deps: GrantsDeps, sub: Sub): AsyncGenerator<ReadonlyArray<Item>> {
  let cursor: Item | undefined;
  do {
    const page = await sendDynamo(
      deps.dynamo,
      new QueryCommand({
        TableName: deps.dataTable,
        ...grantsOf(sub),
        ConsistentRead: true,
        ...(cursor === undefined ? {} : { ExclusiveStartKey: cursor }),
      }),
    );
    yield page.Items ?? [];
    cursor = page.LastEvaluatedKey;
  } while (cursor !== undefined);
}

async function revokeItem(deps: GrantsDeps, { pk, sk }: Item): Promise<void> {
  if (pk === undefined || sk === undefined) return;
  try {
    await sendDynamo(
      deps.dynamo,
      new UpdateItemCommand({
        TableName: deps.dataTable,
        Key: { pk, sk },
        ConditionExpression: 'attribute_exists(pk)',
        UpdateExpression: REVOCATION.expression,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':revoked': { S: REVOCATION.values.revoked } },
      }),
    );
  } catch (error) {
    // TTL may have deleted it meanwhile.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
