/** Who the pages are for: whoever is signed in here. */
import { signInAndComeBack } from '../../browser/after-sign-in.ts';
import { honourSignal, readBySignal } from '../../browser/global-privacy-control.ts';
import type { Account } from '../../core/account.ts';
import type { Session } from '../../core/session.ts';
import { noteSubject } from '../../http/log-subject.ts';
import type { Endpoint, HttpRequest, HttpResponse } from '../../http/message.ts';
import type { PrivacyPortal } from '../dependencies.ts';
import type { Person } from '../person.ts';

export const PRIVACY_PAGE = '/account/privacy';

/** Somebody who is signed in, as all that writes choices knows them. */
export interface SignedIn extends Person {
  readonly session: Session;
  readonly account: Account;
}

/**
 * Everybody else is led to sign-in, and from there to `page`. A form has to be this browser's own.
 * Two AWS calls, one deep; one more with Global Privacy Control.
 */
export function forSignedIn(
  deps: PrivacyPortal,
  page: string | ((http: HttpRequest) => string),
  answer: (http: HttpRequest, signedIn: SignedIn) => Promise<HttpResponse>,
): Endpoint {
  const where = { issuer: deps.settings.issuer, cells: deps.cells };
  return async (http) => {
    const path = typeof page === 'string' ? page : page(http);
    if (http.method === 'POST') await deps.forms.requireOwn(http, path);
    const signedIn = await findSignedIn(deps, http);
    return signedIn === undefined ? signInAndComeBack(where, path) : answer(http, signedIn);
  };
}

async function findSignedIn(deps: PrivacyPortal, http: HttpRequest): Promise<SignedIn | undefined> {
  const pointer = await deps.sessionCookies.locate(http);
  if (pointer === undefined) return undefined;
  const { sub } = pointer;
  const [session, account, choices] = await Promise.all([
    deps.sessions.find(pointer, http.now),
    deps.profiles.find(sub),
    readBySignal(deps, http, sub),
  ]);
  if (session === undefined) return undefined;
  noteSubject(http, { sub });
  if (account?.status !== 'active') return undefined;
  await honourSignal(deps, http, sub, choices);
  return { session, account, sub, actor: { type: 'person', sub } };
}
