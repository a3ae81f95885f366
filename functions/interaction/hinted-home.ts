/** An authorization request of somebody whose session is in another cell. */
import { leadAway } from '../browser/leading-away.ts';
import { toQuery } from '../core/authorization-parameter-limits.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import type { KnownCell } from '../core/cells.ts';
import type { Client } from '../core/client.ts';
import { OAuthError } from '../core/errors.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { sealRequest } from './carried-request.ts';
import type { Interaction } from './dependencies.ts';
import { handOver } from './hand-over.ts';

type HintDeps = Pick<
  Interaction,
  | 'cellCalls'
  | 'cells'
  | 'clients'
  | 'directory'
  | 'forms'
  | 'homeHint'
  | 'pages'
  | 'sealer'
  | 'settings'
>;

interface Asked {
  readonly client: Client;
  readonly request: AuthorizationRequest;
}

/**
 * For who has no session here: where an `id_token_hint` says that they are at home in another cell,
 * the request goes there as it came, once. Undefined to go on here. Throws OAuthError
 * temporarily_unavailable when nobody may be asked and the cell with the session is away.
 */
export async function findAnswerElsewhere(
  deps: HintDeps,
  http: HttpRequest,
  { client, request }: Asked,
): Promise<HttpResponse | undefined> {
  const { cells, cellCalls } = deps;
  const parameters = http.method === 'POST' ? http.form : http.query;
  // Cells that disagree about a home must not send anybody to and fro.
  if (!cells.areSeveral || parameters.find('at') === cells.own.name) return undefined;
  const home = await findHome(deps, request);
  const isSilent = request.prompt.includes('none');
  if (isSilent) await requireReachable(cellCalls, home ?? deps.homeHint.find(http));
  if (home === undefined || home === cells.own) return undefined;
  // A pushed request has been used up by now: what it asked for travels in its stead.
  if (parameters.find('request_uri') !== undefined) {
    const carried = { request, client, sealed: await sealRequest(deps.sealer, request) };
    return handOver(deps, http, { to: home.name, page: 'authorize', carried });
  }
  const query = http.method === 'POST' ? toQuery(http.form) : http.rawQuery;
  const path = addToQuery(`/oauth2/authorize?${query}`, { at: home.name });
  return leadAway(deps, http, { to: home, path, retryUrl: path, visit: { client, request } });
}

async function findHome(
  { cells, directory }: HintDeps,
  { subHint }: AuthorizationRequest,
): Promise<KnownCell | undefined> {
  const name = subHint === undefined ? undefined : await directory.findHomeOfSub(subHint);
  return name === undefined ? undefined : cells.find(name);
}

/** "Nobody is signed in" would be wrong: the app would sign its person out. */
async function requireReachable(
  cellCalls: HintDeps['cellCalls'],
  cell: KnownCell | undefined,
): Promise<void> {
  if (cell === undefined || (await cellCalls.isReachable(cell.name))) return;
  throw new OAuthError('temporarily_unavailable', { detail: `cell ${cell.name} is away` });
}
