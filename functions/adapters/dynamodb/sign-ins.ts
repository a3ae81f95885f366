import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { HttpError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant.ts';
import type { SessionId } from '../../core/ids.ts';
import type { SignIns } from '../../core/ports/sign-ins.ts';
import type { Session } from '../../core/session.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import { createAccess } from './access.ts';
import { renewHash, replacePassword, requireActive, requirePassword } from './accounts.ts';
import { forgetAttempts } from './attempts.ts';
import { type BeginningsDeps, prepare } from './beginnings.ts';
import { consumeChallenge } from './challenge-items.ts';
import { putConsent } from './consents.ts';
import { type RegistrationDeps, register } from './registrations.ts';
import { transact } from './transactions.ts';

/** A transaction takes 100 items; what else a password change writes leaves room for these. */
const MAX_SESSIONS_IN_TRANSACTION = 80;

type SignInsDeps = BeginningsDeps & RegistrationDeps;

export function createSignIns(deps: SignInsDeps): SignIns {
  const access = createAccess(deps);
  return {
    async begin(signIn) {
      const { sub } = signIn.session;
      const { verifiedHash: expected, renewedHash: newHash } = signIn;
      const beginning = await prepare(deps, signIn);
      const failed = await transact(deps.dynamo, [
        requireActive(deps.dataTable, sub),
        newHash === undefined
          ? requirePassword(deps.dataTable, sub, expected)
          : renewHash(deps.dataTable, sub, { newHash, expected }),
        ...beginning.items,
        await forgetAttempts(deps, signIn.attempts),
      ]);
      return failed === undefined ? beginning.begun : { outcome: 'outdated' };
    },

    register: (registration) => register(deps, registration),

    async recover(recovery) {
      const { sub, identifier, passwordHash, now } = recovery;
      const beginning = await prepare(deps, recovery);
      const ended = await access.beginEnding(sub, now);
      const failed = await transact(deps.dynamo, [
        consumeChallenge(deps.dataTable, recovery.challengeId),
        requireActive(deps.dataTable, sub),
        replacePassword(deps.dataTable, sub, { newHash: passwordHash, now }),
        await forgetAttempts(deps, { identifier }),
        await forgetAttempts(deps, { codesFor: identifier }),
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
      const failed = await transact(deps.dynamo, [
        replacePassword(deps.dataTable, sub, { newHash, expected: verifiedHash, now }),
        await forgetAttempts(deps, { sub }),
        put,
        ...deletionsOf(deps, session, [old.sessionId, ...ended]),
      ]);
      if (failed !== undefined) return { outcome: 'outdated' };
      return { outcome: 'changed', session, sessionCookie: cookie };
    },

    endOthers: ({ sub, sessionId }, now) => access.endOthers(sub, sessionId, now),
  };
}

async function issueAndTouch(
  deps: SignInsDeps,
  session: Session,
  grant: Grant,
  items: ReadonlyArray<TransactWriteItem>,
  now: EpochSeconds,
): Promise<string> {
  const { code, put } = await deps.grants.preparing(grant, now);
  const failed = await transact(deps.dynamo, [deps.sessions.touching(session, now), put, ...items]);
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
