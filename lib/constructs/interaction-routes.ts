import { areSeveral, type Topology } from '../config.ts';
import type { RouteKey } from './http-surface.ts';

export const INTERACTION_ROUTES: ReadonlyArray<RouteKey> = [
  'GET /oauth2/authorize',
  'POST /oauth2/authorize',
  'GET /sign-in',
  'POST /sign-in',
  'POST /sign-in/identifier',
  'GET /hand-over',
  'GET /sign-up',
  'POST /sign-up',
  'GET /sign-up/region',
  'POST /sign-up/region',
  'GET /verify',
  'POST /verify',
  'POST /verify/resend',
  'GET /recover',
  'POST /recover',
  'GET /recover/reset',
  'POST /recover/reset',
  'POST /recover/resend',
  'GET /keep-account',
  'POST /keep-account',
  'GET /renew-consents',
  'POST /renew-consents',
  'GET /consent',
  'POST /consent',
  'GET /oauth2/logout',
  'POST /oauth2/logout',
  // Whatever nothing else answers: a page that says so, and no body of the API's own.
  'GET /{proxy+}',
];

/** With one cell there is nowhere else to be at home: nobody is asked, and nothing handed over. */
const ROUTES_OF_SEVERAL_CELLS: ReadonlyArray<RouteKey> = [
  'POST /sign-in/identifier',
  'GET /hand-over',
  'GET /sign-up/region',
  'POST /sign-up/region',
];

/** Those of the given routes that a deployment of so many cells has. */
export function routesOf(
  topology: Topology,
  routes: ReadonlyArray<RouteKey>,
): ReadonlyArray<RouteKey> {
  if (areSeveral(topology)) return routes;
  return routes.filter((route) => !ROUTES_OF_SEVERAL_CELLS.includes(route));
}

/** Forms that anybody may post and that cost Argon2id, a write or a mail each. */
export const COSTLY_ROUTES: ReadonlyArray<RouteKey> = [
  'POST /sign-in',
  'POST /sign-in/identifier',
  'POST /sign-up',
  'POST /verify',
  'POST /verify/resend',
  'POST /recover',
  'POST /recover/reset',
  'POST /recover/resend',
];

/**
 * With several cells, what anybody may ask for that writes an item or asks another cell: who floods
 * it is not to use up what tokens are issued by.
 */
const COSTLY_BETWEEN_CELLS: ReadonlyArray<RouteKey> = [
  'GET /hand-over',
  'GET /sign-up',
  'POST /sign-up/region',
];

/** Those that get a bucket of their own in a deployment of so many cells. */
export function costlyRoutesOf(topology: Topology): ReadonlyArray<RouteKey> {
  const costly = routesOf(topology, COSTLY_ROUTES);
  return areSeveral(topology) ? [...costly, ...COSTLY_BETWEEN_CELLS] : costly;
}
