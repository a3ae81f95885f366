import type { Route } from '../http/surface.ts';
import type { AccountPortal } from './dependencies.ts';
import { createOverview, redirectToOverview } from './overview.ts';
import { createPasswordChange, createPasswordPage } from './password.ts';
import { createSessionRevocation, createSignOut } from './sessions.ts';

/** By the HTTP API's route key; `lib/constructs/account-surface.ts` lists the same. */
export function createRoutes(deps: AccountPortal): Readonly<Record<string, Route>> {
  const endpoints = {
    'GET /': redirectToOverview,
    'GET /account': createOverview(deps),
    'GET /account/password': createPasswordPage(deps),
    'POST /account/password': createPasswordChange(deps),
    'POST /account/sessions/revoke': createSessionRevocation(deps),
    'POST /account/sign-out': createSignOut(deps),
  };
  return Object.fromEntries(
    Object.entries(endpoints).map(([key, endpoint]) => [
      key,
      { endpoint: deps.atCellHost(endpoint), errors: 'page' as const },
    ]),
  );
}
