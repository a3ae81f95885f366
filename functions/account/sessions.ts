/** Ending sessions: one, all others, or one's own. */
import { seeOther } from '../browser/pages.ts';
import type { SessionId, Sub } from '../core/ids.ts';
import type { Endpoint } from '../http/message.ts';
import type { AccountPortal } from './dependencies.ts';
import { askToSignIn } from './signed-in.ts';

/** POST `session`: an id from the list, or `others`. */
export function createSessionRevocation(deps: AccountPortal): Endpoint {
  return async (http) => {
    await deps.forms.requireOwn(http, '/account');
    const pointer = await deps.sessionCookies.locate(http);
    const list = pointer && (await deps.sessions.list(pointer, http.now));
    if (list === undefined) return askToSignIn();
    const { current, sessions } = list;
    const wanted = http.form.text('session');
    const others = sessions
      .map(({ sessionId }) => sessionId)
      .filter((id) => id !== current.sessionId)
      .filter((id) => wanted === 'others' || id === wanted);
    await end(deps, current.sub, others);
    const notice = wanted === 'others' ? 'other-sessions-ended' : 'session-ended';
    return seeOther(`/account?notice=${notice}`);
  };
}

/** POST; works, and shows the same page, however often it is sent. */
export function createSignOut(deps: AccountPortal): Endpoint {
  return async (http) => {
    await deps.forms.requireOwn(http, '/account');
    const pointer = await deps.sessionCookies.locate(http);
    if (pointer !== undefined) await end(deps, pointer.sub, [pointer.sessionId]);
    return deps.pages.show(
      http,
      { page: 'signed-out', continueUrl: '/account' },
      { cookies: [deps.sessionCookies.clear()] },
    );
  };
}

/** Grants go before sessions: a failure half way leaves something to end again. */
async function end(
  { grants, sessions }: AccountPortal,
  sub: Sub,
  sessionIds: ReadonlyArray<SessionId>,
): Promise<void> {
  if (sessionIds.length === 0) return;
  await grants.revokeOfSessions(sub, sessionIds);
  await sessions.end(sub, sessionIds);
}
