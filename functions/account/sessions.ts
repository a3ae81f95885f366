/** Ending sessions: one, all others, or one's own. */
import { seeOther } from '../browser/pages.ts';
import { isId, type SessionId, type Sub } from '../core/ids.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Endpoint, HttpRequest } from '../http/message.ts';
import type { AccountPortal } from './dependencies.ts';
import { askToSignIn } from './signed-in.ts';

/** POST `session`: an id from the list, or `others`. */
export function createSessionRevocation(deps: AccountPortal): Endpoint {
  return async (http) => {
    await deps.forms.requireOwn(http, '/account');
    const pointer = await deps.sessionCookies.locate(http);
    const current = pointer && (await deps.sessions.find(pointer, http.now));
    if (current === undefined) return askToSignIn();
    noteSubject(http, { sub: current.sub });
    const wanted = http.form.text('session');
    if (wanted === 'others') {
      const acting = actingOf(http, { type: 'person', sub: current.sub });
      await deps.signIns.endOthers(current, acting);
      return seeOther('/account?notice=other-sessions-ended');
    }
    // Also one that is no longer there: its grants may be, if a request before this one failed.
    if (isId(wanted) && wanted !== current.sessionId) {
      // Whoever ends a session from afar wants to be rid of it, `offline_access` included.
      await end(deps, http, { sub: current.sub, sessionId: wanted as SessionId }, 'included');
    }
    return seeOther('/account?notice=session-ended');
  };
}

/** POST; works, and shows the same page, however often it is sent. */
export function createSignOut(deps: AccountPortal): Endpoint {
  return async (http) => {
    await deps.forms.requireOwn(http, '/account');
    const pointer = await deps.sessionCookies.locate(http);
    if (pointer !== undefined) {
      noteSubject(http, { sub: pointer.sub });
      await end(deps, http, pointer, 'spared');
    }
    return deps.pages.show(
      http,
      { page: 'signed-out', continueUrl: '/account' },
      { cookies: [deps.sessionCookies.clear()] },
    );
  };
}

/** The session goes first, so that no code can be issued behind the list of its grants. */
async function end(
  { grants, sessions }: AccountPortal,
  http: HttpRequest,
  { sub, sessionId }: { readonly sub: Sub; readonly sessionId: SessionId },
  offlineAccess: 'spared' | 'included',
): Promise<void> {
  const acting = actingOf(http, { type: 'person', sub });
  await sessions.end(sub, [sessionId], acting);
  await grants.revokeOfSessions(sub, [sessionId], { acting, offlineAccess });
}
