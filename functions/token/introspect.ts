/** Token introspection: RFC 7662. */
import type { Client } from '../core/client.ts';
import type { Sub } from '../core/ids.ts';
import {
  describeAccessToken,
  describeRefreshToken,
  INACTIVE,
  type Introspection,
  mayIntrospect,
} from '../core/introspection.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { Clients } from '../core/ports/clients.ts';
import type { GrantStandings } from '../core/ports/grant-standings.ts';
import type { Grants } from '../core/ports/grants.ts';
import type { ForeignRequest, HomingEndpoint } from '../http/forwarding.ts';
import type { HomeOf } from '../http/home-of.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest } from '../http/message.ts';
import type { AuthenticateClient } from './client-authentication.ts';
import { requireField, requireSoundForm } from './form-fields.ts';

interface Deps {
  /** Refuses public clients: their answers would be anybody's (RFC 7662 §2.1, §4). */
  readonly authenticateClient: AuthenticateClient;
  readonly accessTokens: AccessTokens;
  readonly clients: Clients;
  readonly grants: Pick<Grants, 'open'>;
  readonly standings: GrantStandings;
  readonly homeOf: HomeOf;
  readonly issuer: string;
}

type Finding = Introspection | typeof INACTIVE;

/**
 * `POST /oauth2/introspect`. One AWS call. Tokens that are not the asker's to know are answered as
 * unknown ones are: resource servers may ask about access tokens for them, clients about their own
 * tokens. `token_type_hint` is not needed: the two kinds look different (§2.1).
 */
export function createIntrospectionEndpoint(deps: Deps): HomingEndpoint {
  return async (request) => {
    requireSoundForm(request.form);
    // Whoever asks is authenticated where the answer is: at home.
    const home = deps.homeOf.tagged(request, request.form.find('token'));
    if (home !== undefined) return { home };
    const client = await deps.authenticateClient(request);
    noteSubject(request, { clientId: client.clientId });
    const token = requireField(request.form, 'token');
    const opened = await deps.grants.open(token, request.now);
    if (opened?.kind === 'code') return privateJson(INACTIVE);
    if (opened === undefined) return inspectAccessToken(deps, request, client, token);
    noteSubject(request, { sub: opened.sub });
    const standing = await deps.standings.ofRefreshToken(opened, request.now);
    if (standing?.clientId !== client.clientId) return privateJson(INACTIVE);
    const { issuer } = deps;
    return privateJson(describeRefreshToken({ issuer, ...opened, ...standing }));
  };
}

async function inspectAccessToken(
  deps: Deps,
  request: HttpRequest,
  client: Client,
  token: string,
): Promise<ReturnType<typeof privateJson> | ForeignRequest> {
  const claims = await deps.accessTokens.verify(token, request.now);
  if (claims === undefined || !mayIntrospect(client, claims, deps.issuer)) {
    return privateJson(INACTIVE);
  }
  const { sub, gid, client_id: issuedTo } = claims;
  const active: Finding = describeAccessToken(claims);
  if (typeof sub !== 'string' || typeof gid !== 'string') {
    // Nothing is stored of a client's own token: it counts as long as its client does.
    const holder = await deps.clients.find(issuedTo as Client['clientId']);
    return privateJson(holder === undefined ? INACTIVE : active);
  }
  const pointer = { sub: sub as Sub, grantId: gid };
  noteSubject(request, { sub: pointer.sub });
  const { isOpen, isKnown, home } = await deps.standings.ofAccessToken(pointer, request.now);
  if (!isKnown) {
    const elsewhere = await deps.homeOf.unknownPerson(request, pointer.sub, home);
    if (elsewhere !== undefined) return { home: elsewhere };
  }
  return privateJson(isOpen ? active : INACTIVE);
}
