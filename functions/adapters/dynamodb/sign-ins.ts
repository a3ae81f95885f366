import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { HttpError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant.ts';
import type { SessionId } from '../../core/ids.ts';
import type { Beginning, Begun, SignIns } from '../../core/ports/sign-ins.ts';
import type { Session } from '../../core/session.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { newDataKey } from '../crypto/person-cipher.ts';
import { createAccess } from './access.ts';
import { encodeAccount, encodeDataKey } from './account-items.ts';
import {
  putPassword,
  renewHash,
  replacePassword,
  requireActive,
  requirePassword,
} from './accounts.ts';
import { forgetAttempts } from './attempts.ts';
import { consumeChallenge } from './challenge-items.ts';
import { putConsent } from './consents.ts';
import { claimIdentifier } from './directory.ts';
import type { GrantStore } from './grants.ts';
import { cancellationCodes, sendDynamo } from './send.ts';
import type { SessionStore } from './sessions.ts';

/** A transaction takes 100 items; what else a password change writes leaves room for these. */
const MAX_SESSIONS_IN_TRANSACTION = 80;

interface SignInsDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  readonly dataTable: string;
  readonly keyTable: string;
  readonly cell: string;
  readonly sessions: SessionStore;
  readonly grants: GrantStore;
  readonly loadKeyring: () => Promise<Keyring>;
}

export function createSignIns(deps: SignInsDeps): SignIns {
  const access = createAccess(deps);
  return {
    async begin(signIn) {
      const { sub } = signIn.session;
      const { verifiedHash: expected, renewedHash: newHash } = signIn;
      const beginning = await prepare(deps, signIn);
      const failed = await transact(deps, [
        requireActive(deps.dataTable, sub),
        newHash === undefined
          ? requirePassword(deps.dataTable, sub, expected)
          : renewHash(deps.dataTable, sub, { newHash, expected }),
        ...beginning.items,
        forgetAttempts(deps.dataTable, signIn.attempts),
      ]);
      return failed === undefined ? beginning.begun : { outcome: 'outdated' };
    },

    async register(registration) {
      const { sub, identifier, passwordHash, now } = registration;
      const beginning = await prepare(deps, registration);
      const failed = await transact(deps, [
        consumeChallenge(deps.dataTable, registration.challengeId),
        claimIdentifier(deps.directoryTable, { identifier, sub, cell: deps.cell, now }),
        ...(await putAccount(deps, registration)),
        putPassword(deps.dataTable, sub, passwordHash, now),
        forgetAttempts(deps.dataTable, { codesFor: identifier }),
        ...beginning.items,
      ]);
      if (failed === undefined) return beginning.begun;
      return failed === 0 ? { outcome: 'gone' } : { outcome: 'taken' };
    },

    async recover(recovery) {
      const { sub, identifier, passwordHash, now } = recovery;
      const beginning = await prepare(deps, recovery);
      const ended = await access.beginEnding(sub, now);
      const failed = await transact(deps, [
        consumeChallenge(deps.dataTable, recovery.challengeId),
        requireActive(deps.dataTable, sub),
        replacePassword(deps.dataTable, sub, { newHash: passwordHash, now }),
        forgetAttempts(deps.dataTable, { identifier }),
        forgetAttempts(deps.dataTable, { codesFor: identifier }),
        ...beginning.items,
        ...deletionsOf(deps, recovery.session, ended),
      ]);
      return failed === undefined ? beginning.begun : { outcome: 'gone' };
    },

    async issue(session, grant, now) {
      if (!deps.sessions.isTouchDue(session, now)) return deps.grants.issue(grant, now);
      return issueAndTouch(deps, session, grant, [], now);
    },

    issueWithConsent(session, grant, { clientId, scope }, now) {
      const consent = putConsent(deps.dataTable, { sub: session.sub, clientId, scope, now });
      return issueAndTouch(deps, session, grant, [consent], now);
    },

    async changePassword({ session: old, verifiedHash, newHash, now }) {
      const { sub } = old;
      const session = renewSession(old, now);
      const { cookie, put } = await deps.sessions.preparing(session);
      const ended = await access.beginEnding(sub, now);
      const failed = await transact(deps, [
        replacePassword(deps.dataTable, sub, { newHash, expected: verifiedHash, now }),
        forgetAttempts(deps.dataTable, { sub }),
        put,
        ...deletionsOf(deps, session, [old.sessionId, ...ended]),
      ]);
      if (failed !== undefined) return { outcome: 'outdated' };
      return { outcome: 'changed', session, sessionCookie: cookie };
    },

    endOthers: ({ sub, sessionId }, now) => access.endOthers(sub, sessionId, now),
  };
}

/** The items of a session and its grant, and what the browser gets once they are written. */
async function prepare(
  deps: SignInsDeps,
  { session, grant, now }: Beginning,
): Promise<{ items: ReadonlyArray<TransactWriteItem>; begun: Begun }> {
  const { cookie, put } = await deps.sessions.preparing(session);
  const begun: Begun = { outcome: 'begun', sessionCookie: cookie };
  if (grant === undefined) return { items: [put], begun };
  const issued = await deps.grants.preparing(grant, now);
  return { items: [put, issued.put], begun: { ...begun, code: issued.code } };
}

async function putAccount(
  deps: SignInsDeps,
  { sub, attributes, terms, now }: Parameters<SignIns['register']>[0],
): Promise<ReadonlyArray<TransactWriteItem>> {
  const dataKey = newDataKey();
  const account = {
    sub,
    status: 'active',
    emailVerified: true,
    attributes,
    ...(terms !== undefined && { terms }),
    createdAt: now,
    updatedAt: now,
  } as const;
  const ConditionExpression = 'attribute_not_exists(pk)';
  const keyItem = encodeDataKey(await deps.loadKeyring(), sub, dataKey);
  return [
    {
      Put: {
        TableName: deps.dataTable,
        Item: encodeAccount(account, dataKey),
        ConditionExpression,
      },
    },
    { Put: { TableName: deps.keyTable, Item: keyItem, ConditionExpression } },
  ];
}

async function issueAndTouch(
  deps: SignInsDeps,
  session: Session,
  grant: Grant,
  items: ReadonlyArray<TransactWriteItem>,
  now: EpochSeconds,
): Promise<string> {
  const { code, put } = await deps.grants.preparing(grant, now);
  const failed = await transact(deps, [deps.sessions.touching(session, now), put, ...items]);
  if (failed !== undefined) throw new HttpError(403, 'the session ended meanwhile');
  return code;
}

/** Whoever has just given the password: the same browser, under an id that nobody has seen. */
function renewSession(session: Session, now: EpochSeconds): Session {
  const sessionId = randomToken() as SessionId;
  return { ...session, sessionId, authTime: now, amr: ['pwd'], lastSeenAt: now };
}

/** As many as a transaction takes; an item may be in it once. */
function deletionsOf(
  deps: SignInsDeps,
  keep: Session,
  sessionIds: ReadonlyArray<SessionId>,
): ReadonlyArray<TransactWriteItem> {
  const others = [...new Set(sessionIds)].filter((id) => id !== keep.sessionId);
  return others
    .slice(0, MAX_SESSIONS_IN_TRANSACTION)
    .map((id) => deps.sessions.deleting(keep.sub, id));
}

/** Undefined on success, else the index of the first item whose condition failed. */
async function transact(
  { dynamo }: SignInsDeps,
  items: ReadonlyArray<TransactWriteItem>,
): Promise<number | undefined> {
  try {
    await sendDynamo(dynamo, new TransactWriteItemsCommand({ TransactItems: [...items] }));
    return undefined;
  } catch (error) {
    const failed = cancellationCodes(error).indexOf('ConditionalCheckFailed');
    if (failed === -1) throw error;
    return failed;
  }
}
