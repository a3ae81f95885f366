import { PageError, pageExpired } from '../browser/page-error.ts';
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import type { Client } from '../core/client.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import { addToQuery } from '../core/redirect-uri.ts';
import { addSeconds } from '../core/time.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';

/** Long enough for a mail that is read in the evening. */
const LIFETIME_SECONDS = 86_400;

/** The query parameter and hidden field that carries it from page to page. */
const FIELD = 'request';

/** The authorization request that somebody is here for; empty for those who came by themselves. */
export interface CarriedRequest {
  readonly sealed?: string;
  readonly request?: AuthorizationRequest;
  readonly client?: Client;
}

/** Like `CarriedRequest`, where there is one for certain. */
export type CarriedAuthorization = Required<CarriedRequest>;

/** Opens what a page or form carries. Throws PageError when it is stale or not ours. */
export async function openCarried(
  { sealer, clients }: Pick<Interaction, 'sealer' | 'clients'>,
  http: HttpRequest,
): Promise<CarriedRequest> {
  const sealed = (http.method === 'POST' ? http.form : http.query).find(FIELD);
  if (sealed === undefined) return {};
  const content = await sealer.open('authorization-request', sealed, http.now);
  if (content === undefined) throw pageExpired('stale or forged request', '/account');
  // Authentic, hence written by `seal`.
  const request = content as AuthorizationRequest;
  const client = await requireClient(clients, request);
  noteSubject(http, { clientId: client.clientId });
  return { sealed, request, client };
}

/** As `openCarried`; pages that make no sense without a request throw PageError. */
export async function requireCarried(
  deps: Pick<Interaction, 'sealer' | 'clients'>,
  http: HttpRequest,
): Promise<CarriedAuthorization> {
  const { sealed, request, client } = await openCarried(deps, http);
  if (sealed === undefined || request === undefined || client === undefined) {
    throw pageExpired('no request', '/account');
  }
  return { sealed, request, client };
}

/** Carries a request that was kept elsewhere, such as in a challenge. */
export async function carry(
  { sealer, clients }: Pick<Interaction, 'sealer' | 'clients'>,
  request: AuthorizationRequest | undefined,
): Promise<CarriedRequest> {
  if (request === undefined) return {};
  const client = await requireClient(clients, request);
  return { sealed: await sealRequest(sealer, request), request, client };
}

export function sealRequest(sealer: Sealer, request: AuthorizationRequest): Promise<string> {
  const expiresAt = addSeconds(request.requestedAt, LIFETIME_SECONDS);
  return sealer.seal('authorization-request', request, expiresAt);
}

/** A page's address with the request on board. */
export function withRequest(path: string, { sealed }: CarriedRequest): string {
  return sealed === undefined ? path : addToQuery(path, { [FIELD]: sealed });
}

/** Hidden inputs of a form on such a page. */
export function hiddenRequest({ sealed }: CarriedRequest): Readonly<Record<string, string>> {
  return sealed === undefined ? {} : { [FIELD]: sealed };
}

async function requireClient(
  clients: Interaction['clients'],
  request: AuthorizationRequest,
): Promise<Client> {
  const client = await clients.find(request.clientId);
  if (client !== undefined) return client;
  throw new PageError({
    title: 'error-title.request',
    text: 'error.unknown-client',
    detail: 'the client was deleted meanwhile',
  });
}
