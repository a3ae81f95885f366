import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Act, Acting } from '../../core/audit/act.ts';
import type { LabelKey, SecretHash, SessionId, Sub } from '../../core/ids.ts';
import type { Sealer } from '../../core/ports/sealer.ts';
import type { SessionPointer, Sessions } from '../../core/ports/sessions.ts';
import {
  isSessionAlive,
  isTouchDue,
  type ListedSession,
  type NewSession,
  type Session,
} from '../../core/session.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { equalInConstantTime, hashSecret, randomToken } from '../crypto/hash.ts';
import { sealLabel } from '../crypto/label-keys.ts';
import type { Item } from './account-items.ts';
import { actAttribute, actOf, putAct } from './acts.ts';
import { inBatches } from './batches.ts';
import { itemsOfPerson } from './person-queries.ts';
import { sendDynamo } from './send.ts';
import { SESSION_PREFIX, sessionIdOf, sessionKey } from './session-items.ts';
import { transact } from './transactions.ts';

export interface SessionStore extends Sessions {
  /**
   * A session as an item of the caller's transaction, and the cookie that proves it. Without
   * `labelKey` nothing is kept of the browser.
   */
  preparing(
    session: NewSession,
    labelKey: LabelKey | undefined,
    act?: Act,
  ): Promise<{ cookie: string; put: TransactWriteItem }>;
  /** True when it was too long ago that `touching` noted it. */
  isTouchDue(session: Session, now: EpochSeconds): boolean;
  /** Notes that a session is in use, if it still exists. */
  touching(session: Session, now: EpochSeconds): TransactWriteItem;
  /** Two items: the deletion, and the act of it, which has no other item to ride on. */
  deleting(sub: Sub, sessionId: SessionId, acting: Acting): ReadonlyArray<TransactWriteItem>;
}

interface SessionsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly sealer: Sealer;
  readonly idleLifetimeSeconds: number;
}

interface CookieContent {
  readonly s: Sub;
  readonly i: SessionId;
  readonly x: string;
}

type StoredSession = Omit<Session, 'sub' | 'sessionId'> & {
  readonly secretHash: SecretHash;
  /** `sealLabel`'s. */
  readonly userAgent?: string;
};

/** Sessions live in the person's collection; the cookie says where, so that one read finds it. */
export function createSessions(deps: SessionsDeps): SessionStore {
  const { dynamo, dataTable, sealer } = deps;

  function deletionOf(session: Pick<Session, 'sub' | 'sessionId'>) {
    return { TableName: dataTable, Key: sessionKey(session) };
  }

  function tellOfEnd({ sub, sessionId }: Pick<Session, 'sub' | 'sessionId'>, acting: Acting) {
    return putAct(dataTable, {
      ...actOf(acting, { kind: 'session.ended', object: sessionId }),
      sub,
    });
  }

  function isLive(item: Item, now: EpochSeconds): boolean {
    return isSessionAlive(unmarshall(item) as StoredSession, deps.idleLifetimeSeconds, now);
  }

  return {
    async locate(cookie, now) {
      const content = await sealer.open('session-cookie', cookie, now);
      if (content === undefined) return undefined;
      // Authentic when it opens, hence written by `preparing`.
      const { s: sub, i: sessionId, x: secret } = content as CookieContent;
      return { sub, sessionId, secret };
    },

    async find(pointer, now) {
      const { Item: item } = await sendDynamo(
        dynamo,
        new GetItemCommand({
          TableName: dataTable,
          Key: sessionKey(pointer),
          ConsistentRead: true,
        }),
      );
      if (item === undefined || !isLive(item, now) || !hasSecret(item, pointer)) return undefined;
      return decode(pointer.sub, item);
    },

    async list(pointer, now) {
      const all = await itemsOfPerson(deps, pointer.sub, SESSION_PREFIX);
      const live = all.filter((item) => isLive(item, now));
      const own = live.find((item) => sessionIdOf(item) === pointer.sessionId);
      if (own === undefined || !hasSecret(own, pointer)) return undefined;
      const sessions = live.map((item) => decodeListed(pointer.sub, item));
      return {
        current: decode(pointer.sub, own),
        sessions: sessions.sort((a, b) => b.lastSeenAt - a.lastSeenAt),
      };
    },

    async end(sub, sessionIds, acting) {
      await inBatches(sessionIds, async (sessionId) => {
        const ConditionExpression = 'attribute_exists(pk)';
        // One that has ended before is no act, and all that fails.
        await transact(dynamo, [
          { Delete: { ...deletionOf({ sub, sessionId }), ConditionExpression } },
          tellOfEnd({ sub, sessionId }, acting),
        ]);
      });
    },

    async preparing(session, labelKey, act) {
      const { sub, sessionId, userAgent, ...content } = session;
      const secret = randomToken();
      const cookie: CookieContent = { s: sub, i: sessionId, x: secret };
      const label =
        labelKey && userAgent && (await sealLabel(labelKey, { sub, sessionId }, userAgent));
      return {
        cookie: await sealer.seal('session-cookie', cookie, session.absoluteExpiresAt),
        put: {
          Put: {
            TableName: dataTable,
            Item: {
              ...sessionKey(session),
              ...marshall({
                v: 1,
                ...content,
                ...(label !== undefined && { userAgent: label }),
                secretHash: hashSecret(secret),
                expiresAt: expiryOf(session, session.lastSeenAt, deps.idleLifetimeSeconds),
              }),
              ...(act !== undefined && { act: actAttribute(act) }),
            },
          },
        },
      };
    },

    isTouchDue: (session, now) => isTouchDue(session, deps.idleLifetimeSeconds, now),

    touching(session, now) {
      return {
        Update: {
          TableName: dataTable,
          Key: sessionKey(session),
          ConditionExpression: 'attribute_exists(pk)',
          UpdateExpression: 'SET lastSeenAt = :now, expiresAt = :end REMOVE act',
          ExpressionAttributeValues: {
            ':now': { N: String(now) },
            ':end': { N: String(expiryOf(session, now, deps.idleLifetimeSeconds)) },
          },
        },
      };
    },

    deleting(sub, sessionId, acting) {
      const session = { sub, sessionId };
      return [{ Delete: deletionOf(session) }, tellOfEnd(session, acting)];
    },
  };
}

function decode(sub: Sub, item: Item): Session {
  const stored = unmarshall(item) as StoredSession;
  return {
    sub,
    sessionId: sessionIdOf(item),
    authTime: stored.authTime,
    amr: stored.amr,
    createdAt: stored.createdAt,
    lastSeenAt: stored.lastSeenAt,
    absoluteExpiresAt: stored.absoluteExpiresAt,
  };
}

function decodeListed(sub: Sub, item: Item): ListedSession {
  const sealedUserAgent = item['userAgent']?.S;
  return { ...decode(sub, item), ...(sealedUserAgent !== undefined && { sealedUserAgent }) };
}

function hasSecret(item: Item, { secret }: SessionPointer): boolean {
  return equalInConstantTime(item['secretHash']?.S ?? '', hashSecret(secret));
}

/** When TTL may remove it: the idle or the absolute end, whichever comes first. */
function expiryOf(session: Session, lastSeenAt: EpochSeconds, idleSeconds: number): number {
  return Math.min(lastSeenAt + idleSeconds, session.absoluteExpiresAt);
}
