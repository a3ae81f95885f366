/** The account portal's first page: address, password, privacy, sessions. */
import { honourSignal, readBySignal } from '../browser/global-privacy-control.ts';
import { seeOther } from '../browser/pages.ts';
import type { Endpoint } from '../http/message.ts';
import type { MessageKey } from '../pages/form-state.ts';
import type { AccountPortal } from './dependencies.ts';
import { toSessionRows } from './session-rows.ts';
import { askToSignIn } from './signed-in.ts';

/** What may be said after something was done; anybody can write an address line. */
const NOTICES: Readonly<Record<string, MessageKey>> = {
  'password-changed': 'notice.password-changed',
  'session-ended': 'notice.session-ended',
  'other-sessions-ended': 'notice.other-sessions-ended',
};

export const redirectToOverview: Endpoint = async () => seeOther('/account');

/** Two AWS calls, one deep; one more with Global Privacy Control. */
export function createOverview(deps: AccountPortal): Endpoint {
  return async (http) => {
    const pointer = await deps.sessionCookies.locate(http);
    if (pointer === undefined) return askToSignIn();
    const [list, profile, choices] = await Promise.all([
      deps.sessions.list(pointer, http.now),
      deps.profiles.findWithLabels(pointer.sub),
      readBySignal(deps, http, pointer.sub),
    ]);
    if (list === undefined || profile?.account.status !== 'active') return askToSignIn();
    const { account, openLabel } = profile;
    await honourSignal(deps, http, pointer.sub, choices);
    const seal = await deps.forms.seal(http);
    const notice = http.query.find('notice');
    const key = notice !== undefined && Object.hasOwn(NOTICES, notice) && NOTICES[notice];
    return deps.pages.show(
      http,
      {
        page: 'account',
        email: account.attributes.email,
        passwordUrl: '/account/password',
        privacyUrl: '/account/privacy',
        sessions: await toSessionRows(list, openLabel),
        revoke: { action: '/account/sessions/revoke', hidden: seal.hidden },
        signOut: { action: '/account/sign-out', hidden: seal.hidden },
        ...(key && { notice: { key } }),
      },
      { cookies: seal.cookies },
    );
  };
}
