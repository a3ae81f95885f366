import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Beginning, Begun } from '../../core/ports/sign-ins.ts';
import { actOf } from './acts.ts';
import type { GrantStore } from './grants.ts';
import type { SessionStore } from './sessions.ts';

export interface BeginningsDeps {
  readonly sessions: SessionStore;
  readonly grants: GrantStore;
}

/** The items of a session and its grant, and what the browser gets once they are written. */
export async function prepare(
  deps: BeginningsDeps,
  { session, labelKey, grant, now, acting }: Beginning,
): Promise<{ items: ReadonlyArray<TransactWriteItem>; begun: Begun }> {
  const { sub, sessionId } = session;
  const begins = actOf(acting, { kind: 'session.begun', sub, object: sessionId });
  const { cookie, put } = await deps.sessions.preparing(session, labelKey, begins);
  const begun: Begun = { outcome: 'begun', sessionCookie: cookie };
  if (grant === undefined) return { items: [put], begun };
  const issued = await deps.grants.preparing(grant, { ...acting, at: now });
  return { items: [put, issued.put], begun: { ...begun, code: issued.code } };
}
