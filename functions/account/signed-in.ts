import { seeOther } from '../browser/pages.ts';
import type { Account } from '../core/account.ts';
import type { Session } from '../core/session.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { AccountPortal } from './dependencies.ts';

/** Somebody who is signed in, with their profile. */
export interface SignedIn {
  readonly session: Session;
  readonly account: Account;
}

/** Session and profile at once: two reads, one deep. Undefined when either is gone. */
export async function findSignedIn(
  { sessionCookies, sessions, profiles }: AccountPortal,
  http: HttpRequest,
): Promise<SignedIn | undefined> {
  const pointer = await sessionCookies.locate(http);
  if (pointer === undefined) return undefined;
  const [session, account] = await Promise.all([
    sessions.find(pointer, http.now),
    profiles.find(pointer.sub),
  ]);
  if (session !== undefined) noteSubject(http, { sub: session.sub });
  return session !== undefined && account?.status === 'active' ? { session, account } : undefined;
}

/** Back here afterwards: without an authorization request, sign-in leads to the portal. */
export function askToSignIn(): HttpResponse {
  return seeOther('/sign-in');
}
