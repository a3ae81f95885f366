import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { HttpError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant.ts';
import type { SessionId, Sub } from '../../core/ids.ts';
import type { Beginning, Begun, SignIns } from '../../core/ports/sign-ins.ts';
import type { Session } from '../../core/session.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { newDataKey } from '../crypto/person-cipher.ts';
import { encodeAccount, encodeDataKey } from './account-items.ts';
import { putPassword, replacePassword, requireActive, requirePassword } from './accounts.ts';
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
  return {
    async begin(signIn) {
      const { sub } = signIn.session;
      const { verifiedHash, renewedHash, now } = signIn;
      const beginning = await prepare(deps, signIn);
      const password =
        renewedHash === undefined
          ? requirePassword(deps.dataTable, sub, verifiedHash)
          : replacePassword(deps.dataTable, sub, {
              newHash: renewedHash,
              expected: verifiedHash,
              now,
            });
      const items = [password, ...beginning.items, forgetAttempts(deps.dataTable, signIn.attempts)];
      const failed = await transact(deps, items);
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
        ...beginning.items,
      ]);
      if (failed === undefined) return beginning.begun;
      return failed === 0 ? { outcome: 'gone' } : { outcome: 'taken' };
    },

    async recover(recovery) {
      const { sub, identifier, passwordHash, now } = recovery;
      const beginning = await prepare(deps, recovery);
      const failed = await endOtherSessions(deps, sub, recovery.session.sessionId, [
        consumeChallenge(deps.dataTable, recovery.challengeId),
        requireActive(deps.dataTable, sub),
        replacePassword(deps.dataTable, sub, { newHash: passwordHash, now }),
        forgetAttempts(deps.dataTable, { identifier }),
        ...beginning.items,
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

    async changePassword({ session, verifiedHash, newHash, now }) {
      const { sub, sessionId } = session;
      const failed = await endOtherSessions(deps, sub, sessionId, [
        replacePassword(deps.dataTable, sub, { newHash, expected: verifiedHash, now }),
        forgetAttempts(deps.dataTable, { sub }),
      ]);
      return failed === undefined;
    },
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
  { sub, attributes, termsAcceptedAt, now }: Parameters<SignIns['register']>[0],
): Promise<ReadonlyArray<TransactWriteItem>> {
  const dataKey = newDataKey();
  const account = {
    sub,
    status: 'active',
    emailVerified: true,
    attributes,
    termsAcceptedAt,
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

/**
 * A password change signs everybody else out. Grants go first: should the function die half way,
 * too much has ended and never too little, and the same form works again. They go once more
 * afterwards, for codes that an old session had issued in between.
 */
async function endOtherSessions(
  deps: SignInsDeps,
  sub: Sub,
  keep: SessionId,
  items: ReadonlyArray<TransactWriteItem>,
): Promise<number | undefined> {
  const [ids] = await Promise.all([
    deps.sessions.listIds(sub),
    deps.grants.revokeAll(sub, { exceptSession: keep }),
  ]);
  const others = ids.filter((id) => id !== keep);
  await deps.sessions.end(sub, others.slice(MAX_SESSIONS_IN_TRANSACTION));
  const deletions = others
    .slice(0, MAX_SESSIONS_IN_TRANSACTION)
    .map((id) => deps.sessions.deleting(sub, id));
  const failed = await transact(deps, [...items, ...deletions]);
  if (failed === undefined) await deps.grants.revokeAll(sub, { exceptSession: keep });
  return failed;
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
