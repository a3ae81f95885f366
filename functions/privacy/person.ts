/** Whom REST under `/v1/me/` is about: the person of the access token. */
import type { Actor } from '../core/audit/act.ts';
import type { Sub } from '../core/ids.ts';
import type { EpochSeconds } from '../core/time.ts';
import { requirePersonToken } from '../http/access-tokens.ts';
import { refuseToken } from '../http/bearer.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import type { PrivacyPortal } from './dependencies.ts';

/** Somebody who proved who they are: by an access token, or by a session of a page. */
export interface Person {
  readonly sub: Sub;
  readonly actor: Actor;
  /** Of the sign-in that a token came from. */
  readonly authTime?: EpochSeconds;
}

export type PersonEndpoint = (http: HttpRequest, person: Person) => Promise<HttpResponse>;

/**
 * Answers for the person of the bearer token, which needs the scope `privacy` and a grant that is
 * still open: one AWS call. Requests for people of another cell are handed on to it.
 */
export function createForPerson(
  deps: Pick<PrivacyPortal, 'accessTokens' | 'settings' | 'standings' | 'homeOf'>,
): (endpoint: PersonEndpoint) => HomingEndpoint {
  const { issuer } = deps.settings;
  return (endpoint) => async (http) => {
    const { accessTokens } = deps;
    const token = await requirePersonToken({ accessTokens, issuer }, http, {
      scope: 'privacy',
      isForUsAlone: true,
    });
    const { sub, grantId, clientId, authTime } = token;
    const standing = await deps.standings.ofAccessToken({ sub, grantId }, http.now);
    if (!standing.isKnown) {
      const home = await deps.homeOf.unknownPerson(http, sub, standing.home);
      if (home !== undefined) return { home };
    }
    // Of an account that is being erased every grant has ended.
    if (!standing.isOpen) throw refuseToken(issuer, 'invalid_token', 'the grant has ended');
    noteSubject(http, { sub, clientId });
    return endpoint(http, {
      // An app may have decided what the person was never shown: whoever doubts it sees which.
      ...{ sub, actor: { type: 'person', sub, clientId } },
      ...(authTime !== undefined && { authTime }),
    });
  };
}
