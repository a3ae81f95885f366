import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { SessionId, Sub } from '../../core/ids.ts';
import { type Item, userPartition } from './account-items.ts';
import { GRANT_PREFIX, isGrant } from './grant-items.ts';
import type { GrantStore } from './grants.ts';
import { sendDynamo } from './send.ts';
import { isSession, SESSION_PREFIX, sessionIdOf } from './session-items.ts';
import type { SessionStore } from './sessions.ts';

/** Looked at before a password change is written: enough for everybody but a flood. */
const MAX_ITEMS_BEFOREHAND = 100;

/** Each round ends the sessions that began during the one before. */
const MAX_ROUNDS = 5;

interface AccessDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly sessions: Pick<SessionStore, 'end'>;
  readonly grants: Pick<GrantStore, 'revokeItems'>;
}

/** What lets browsers and apps act as a person: sessions and grants. */
export interface Access {
  /**
   * Before a password change: revokes grants, and tells which sessions its transaction should
   * delete. Should the function die half way, too much has ended and never too little. Bounded, so
   * that nobody holds up the change by having piled up either.
   */
  beginEnding(sub: Sub, acting: Acting): Promise<ReadonlyArray<SessionId>>;
  /** Ends every session but one, and every grant that did not begin in it. Can be repeated. */
  endOthers(sub: Sub, keep: SessionId, acting: Acting): Promise<void>;
  /** Ends every session and every grant, as when an account is to be erased. Can be repeated. */
  endAll(sub: Sub, acting: Acting): Promise<void>;
}

export function createAccess(deps: AccessDeps): Access {
  // Sessions first: a code that is issued or redeemed meanwhile finds its session gone, or its
  // grant is in the list that is made afterwards.
  async function endBut(sub: Sub, keep: SessionId | undefined, acting: Acting): Promise<void> {
    for (let round = 1; ; round += 1) {
      const items = await listAccess(deps, sub);
      const ids = items.filter(isSession).map(sessionIdOf);
      const others = ids.filter((id) => id !== keep);
      await deps.sessions.end(sub, others, acting);
      if (others.length > 0 && round < MAX_ROUNDS) continue;
      const isKept = (item: Item) => keep !== undefined && item['sessionId']?.S === keep;
      const grants = items.filter((item) => isGrant(item) && !isKept(item));
      return deps.grants.revokeItems(grants, acting);
    }
  }

  return {
    async beginEnding(sub, acting) {
      const { items } = await queryAccess(deps, sub, { limit: MAX_ITEMS_BEFOREHAND });
      await deps.grants.revokeItems(items.filter(isGrant), acting);
      return items.filter(isSession).map(sessionIdOf);
    },

    endOthers: endBut,

    endAll: (sub, acting) => endBut(sub, undefined, acting),
  };
}

async function listAccess(deps: AccessDeps, sub: Sub): Promise<ReadonlyArray<Item>> {
  const all: Array<Item> = [];
  let cursor: Item | undefined;
  do {
    const page = await queryAccess(deps, sub, cursor === undefined ? {} : { cursor });
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
}

/** Both in one query: next to nothing lies between them (holds, requests). Sessions come first. */
async function queryAccess(
  { dynamo, dataTable }: AccessDeps,
  sub: Sub,
  { limit, cursor }: { readonly limit?: number; readonly cursor?: Item },
): Promise<{ readonly items: ReadonlyArray<Item>; readonly cursor: Item | undefined }> {
  const page = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: dataTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': { S: userPartition(sub) },
        ':first': { S: GRANT_PREFIX },
        ':last': { S: `${SESSION_PREFIX}~` },
      },
      ScanIndexForward: false,
      ...(limit !== undefined && { Limit: limit }),
      ...(cursor !== undefined && { ExclusiveStartKey: cursor }),
    }),
  );
  return { items: page.Items ?? [], cursor: page.LastEvaluatedKey };
}
