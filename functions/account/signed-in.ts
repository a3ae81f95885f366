import { honourSignal, readBySignal } from '../browser/global-privacy-control.ts';
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
  deps: AccountPortal,
  http: HttpRequest,
): Promise<SignedIn | undefined> {
  const pointer = await deps.sessionCookies.locate(http);
  if (pointer === undefined) return undefined;
  const [session, account, choices] = await Promise.all([
    deps.sessions.find(pointer, http.now),
    deps.profiles.find(pointer.sub),
    readBySignal(deps, http, pointer.sub),
  ]);
  if (session === undefined) return undefined;
  noteSubject(http, { sub: session.sub });
  if (account?.status !== 'active') return undefined;
  await honourSignal(deps, http, session.sub, choices);
  return { session, account };
}

/** Back here afterwards: without an authorization request, sign-in leads to the portal. */
export function askToSignIn(): HttpResponse {
  return seeOther('/sign-in');
}
