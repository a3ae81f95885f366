import type { HomingEndpoint } from '../http/forwarding.ts';
import type { Route } from '../http/surface.ts';
import type { PrivacyPortal } from './dependencies.ts';
import { publishGpcSupport } from './global-privacy-control.ts';

/** By the HTTP API's route key; `lib/constructs/privacy-surface.ts` lists the same. */
export function createRoutes(_deps: PrivacyPortal): Readonly<Record<string, Route>> {
  return { 'GET /.well-known/gpc.json': rest(publishGpcSupport) };
}

function rest(endpoint: HomingEndpoint): Route {
  return { endpoint, errors: 'problem', body: 'json' };
}
