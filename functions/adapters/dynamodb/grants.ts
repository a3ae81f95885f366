import {
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { Grant } from '../../core/grant.ts';
import type { Sub } from '../../core/ids.ts';
import type { GrantIssuer } from '../../core/ports/grants.ts';
import { addSeconds } from '../../core/time.ts';
import type { GrantSecrets } from '../crypto/grant-secrets.ts';
import { hashSecret, randomToken } from '../crypto/hash.ts';
import { type Item, userPartition } from './account-items.ts';
import { actAttribute, actOf } from './acts.ts';
import { inBatches } from './batches.ts';
import { isWritten } from './conditional-writes.ts';
import { encodeIssuedGrant, GRANT_PREFIX, isGrantAlive, REVOCATION } from './grant-items.ts';
import { pagesOfPerson } from './person-queries.ts';
import { sendDynamo } from './send.ts';

export interface GrantStore extends GrantIssuer {
  /** As `issue`, as an item of the caller's transaction. */
  preparing(grant: Grant, acting: Acting): Promise<{ code: string; put: TransactWriteItem }>;
  /** Revokes grants as they were listed; those that had ended already cost nothing. */
  revokeItems(items: ReadonlyArray<Item>, acting: Acting): Promise<void>;
}

interface GrantsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly secrets: GrantSecrets;
  readonly codeLifetimeSeconds: number;
}

/** Issues and ends grants, for the surfaces with pages. */
export function createGrants(deps: GrantsDeps): GrantStore {
  async function prepare(grant: Grant, acting: Acting): Promise<{ code: string; item: Item }> {
    const secret = randomToken();
    const { sub, grantId, sessionId, clientId } = grant;
    const code = await deps.secrets.seal({ kind: 'code', sub, grantId, sessionId, secret });
    const expiresAt = addSeconds(acting.at, deps.codeLifetimeSeconds);
    const item = encodeIssuedGrant(grant, { hash: hashSecret(secret), expiresAt });
    const act = actOf(acting, { kind: 'grant.issued', sub, object: clientId });
    return { code, item: { ...item, act: actAttribute(act) } };
  }

  async function revokeItems(items: ReadonlyArray<Item>, acting: Acting): Promise<void> {
    const alive = items.filter((item) => isGrantAlive(item, acting.at));
    await inBatches(alive, (item) => revokeItem(deps, item, acting));
  }

  return {
    async issue(grant, acting) {
      const { code, item } = await prepare(grant, acting);
      await sendDynamo(deps.dynamo, new PutItemCommand({ TableName: deps.dataTable, Item: item }));
      return code;
    },

    async preparing(grant, acting) {
      const { code, item } = await prepare(grant, acting);
      return { code, put: { Put: { TableName: deps.dataTable, Item: item } } };
    },

    async revokeOfSessions(sub, sessionIds, { acting, offlineAccess }) {
      const ended = new Set<string | undefined>(sessionIds);
      const isMeant = (item: Item) =>
        ended.has(item['sessionId']?.S) && (offlineAccess === 'included' || !isOffline(item));
      for await (const items of pagesOfPerson(deps, sub, GRANT_PREFIX)) {
        await revokeItems(items.filter(isMeant), acting);
      }
    },

    revokeItems,
  };
}

/** OIDC Core §11: such a grant outlives the session. */
function isOffline(item: Item): boolean {
  return (item['scope']?.S ?? '').split(' ').includes('offline_access');
}

async function revokeItem(deps: GrantsDeps, item: Item, acting: Acting): Promise<void> {
  const { pk, sk } = item;
  if (pk === undefined || sk === undefined) return;
  const whose = (pk.S ?? '').slice(userPartition('' as Sub).length) as Sub;
  const what = { kind: 'grant.revoked', sub: whose, object: item['clientId']?.S ?? '' } as const;
  const update = new UpdateItemCommand({
    TableName: deps.dataTable,
    Key: { pk, sk },
    ConditionExpression: REVOCATION.condition,
    UpdateExpression: REVOCATION.expression,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':revoked': { S: REVOCATION.values.revoked },
      ':act': actAttribute(actOf(acting, what)),
    },
  });
  // TTL may have deleted it meanwhile, or somebody else revoked it.
  await isWritten(sendDynamo(deps.dynamo, update));
}
