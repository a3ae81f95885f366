import type { Route } from '../http/surface.ts';
import type { AccountPortal } from './dependencies.ts';
import { createOverview, redirectToOverview } from './overview.ts';
import { createPasswordChange, createPasswordPage } from './password.ts';
import { createSessionRevocation, createSignOut } from './sessions.ts';

/** By the HTTP API's route key; `lib/constructs/account-surface.ts` lists the same. */
export function createRoutes(deps: AccountPortal): Readonly<Record<string, Route>> {
  return {
    'GET /': { endpoint: redirectToOverview, errors: 'page' },
    'GET /account': { endpoint: createOverview(deps), errors: 'page' },
    'GET /account/password': { endpoint: createPasswordPage(deps), errors: 'page' },
    'POST /account/password': { endpoint: createPasswordChange(deps), errors: 'page' },
    'POST /account/sessions/revoke': { endpoint: createSessionRevocation(deps), errors: 'page' },
    'POST /account/sign-out': { endpoint: createSignOut(deps), errors: 'page' },
  };
}
