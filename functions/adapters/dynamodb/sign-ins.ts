import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import { HttpError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant.ts';
import type { SessionId } from '../../core/ids.ts';
import type { SignIns } from '../../core/ports/sign-ins.ts';
import type { NewSession, Session } from '../../core/session.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import { createAccess } from './access.ts';
import { renewHash, replacePassword, requireActive, requirePassword } from './accounts.ts';
import { actOf } from './acts.ts';
import { forgetAttempts } from './attempts.ts';
import { type BeginningsDeps, prepare } from './beginnings.ts';
import { consumeChallenge } from './challenge-items.ts';
import { putConsent } from './consents.ts';
import { type RegistrationDeps, register } from './registrations.ts';
import { transact } from './transactions.ts';

/** A transaction takes 100 items; what else a password change writes leaves room for two of each. */
const MAX_SESSIONS_IN_TRANSACTION = 40;

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
      const { sub, identifier, passwordHash, now, acting } = recovery;
      const beginning = await prepare(deps, recovery);
      const ended = await access.beginEnding(sub, acting);
      const act = actOf(acting, { kind: 'password.recovered', sub });
      const failed = await transact(deps.dynamo, [
        consumeChallenge(deps.dataTable, recovery.challengeId),
        requireActive(deps.dataTable, sub),
        replacePassword(deps.dataTable, sub, { newHash: passwordHash, now, act }),
        await forgetAttempts(deps, { identifier }),
        await forgetAttempts(deps, { codesFor: identifier }),
        ...beginning.items,
        ...deletionsOf(deps, recovery.session, ended, acting),
      ]);
      return failed === undefined ? beginning.begun : { outcome: 'gone' };
    },

    async issue(session, grant, acting) {
      if (!deps.sessions.isTouchDue(session, acting.at)) return deps.grants.issue(grant, acting);
      return issueAndTouch(deps, session, grant, [], acting);
    },

    issueWithConsent(session, grant, { clientId, scope }, acting) {
      const consent = putConsent(deps.dataTable, { sub: session.sub, clientId, scope, acting });
      return issueAndTouch(deps, session, grant, [consent], acting);
    },

    async changePassword({ session: old, labelKey, verifiedHash, newHash, acting }) {
      const { sub } = old;
      const now = acting.at;
      const session = renewSession(old, now);
      const begins = actOf(acting, { kind: 'session.begun', sub, object: session.sessionId });
      const { cookie, put } = await deps.sessions.preparing(session, labelKey, begins);
      const ended = await access.beginEnding(sub, acting);
      const act = actOf(acting, { kind: 'password.changed', sub });
      const failed = await transact(deps.dynamo, [
        replacePassword(deps.dataTable, sub, { newHash, expected: verifiedHash, now, act }),
        // The session that this begins must not outlive an erasure that was asked for meanwhile.
        requireActive(deps.dataTable, sub),
        await forgetAttempts(deps, { sub }),
        put,
        ...deletionsOf(deps, session, [old.sessionId, ...ended], acting),
      ]);
      if (failed !== undefined) return { outcome: 'outdated' };
      return { outcome: 'changed', session, sessionCookie: cookie };
    },

    endOthers: ({ sub, sessionId }, acting) => access.endOthers(sub, sessionId, acting),
  };
}

async function issueAndTouch(
  deps: SignInsDeps,
  session: Session,
  grant: Grant,
  items: ReadonlyArray<TransactWriteItem>,
  acting: Acting,
): Promise<string> {
  const { code, put } = await deps.grants.preparing(grant, acting);
  const touching = deps.sessions.touching(session, acting.at);
  const failed = await transact(deps.dynamo, [touching, put, ...items]);
  if (failed !== undefined) throw new HttpError(403, 'the session ended meanwhile');
  return code;
}

/** Whoever has just given the password: the same browser, under an id that nobody has seen. */
function renewSession(session: NewSession, now: EpochSeconds): NewSession {
  const sessionId = randomToken() as SessionId;
  return { ...session, sessionId, authTime: now, amr: ['pwd'], lastSeenAt: now };
}

/** As many as a transaction takes; an item may be in it once. */
function deletionsOf(
  deps: SignInsDeps,
  keep: Session,
  sessionIds: ReadonlyArray<SessionId>,
  acting: Acting,
): ReadonlyArray<TransactWriteItem> {
  const others = [...new Set(sessionIds)].filter((id) => id !== keep.sessionId);
  return others
    .slice(0, MAX_SESSIONS_IN_TRANSACTION)
    .flatMap((id) => deps.sessions.deleting(keep.sub, id, acting));
}
