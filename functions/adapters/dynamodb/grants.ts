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
import { encodeIssuedGrant, grantsOf } from './grant-items.ts';
import { sendDynamo } from './send.ts';

/** Revocations on their way at once: a person with many grants must not cause a burst. */
const PARALLEL_REVOCATIONS = 10;

export interface GrantStore extends GrantIssuer {
  /** As `issue`, as an item of the caller's transaction. */
  preparing(grant: Grant, now: EpochSeconds): Promise<{ code: string; put: TransactWriteItem }>;
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
    const code = await deps.secrets.seal({ sub: grant.sub, grantId: grant.grantId, secret });
    const expiresAt = addSeconds(now, deps.codeLifetimeSeconds);
    return { code, item: encodeIssuedGrant(grant, { hash: hashSecret(secret), expiresAt }) };
  }

  async function revokeWhere(sub: Sub, isMeant: (item: Item) => boolean): Promise<void> {
    for await (const items of pagesOfGrants(deps, sub)) {
      const meant = items.filter((item) => item['state']?.S !== 'revoked' && isMeant(item));
      for (let start = 0; start < meant.length; start += PARALLEL_REVOCATIONS) {
        const batch = meant.slice(start, start + PARALLEL_REVOCATIONS);
        await Promise.all(batch.map((item) => revokeItem(deps, item)));
      }
    }
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

    revokeOfSessions(sub, sessionIds) {
      const ended = new Set<string | undefined>(sessionIds);
      return revokeWhere(sub, (item) => ended.has(item['sessionId']?.S) && !isOffline(item));
    },

    revokeAll(sub, options = {}) {
      return revokeWhere(
        sub,
        (item) =>
          options.exceptSession === undefined || item['sessionId']?.S !== options.exceptSession,
      );
    },
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
        UpdateExpression: 'SET #state = :revoked REMOVE refreshHash, previousHash, previousUntil',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':revoked': { S: 'revoked' } },
      }),
    );
  } catch (error) {
    // TTL may have deleted it meanwhile.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
