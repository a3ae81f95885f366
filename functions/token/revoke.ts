import type { Client } from '../core/client.ts';
import { OAuthError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { AccessTokens } from '../core/ports/access-tokens.ts';
import type { GrantPointer, Grants } from '../core/ports/grants.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import type { HomeOf } from '../http/home-of.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpResponse } from '../http/message.ts';
import type { AuthenticateClient } from './client-authentication.ts';
import { requireField, requireSoundForm } from './form-fields.ts';

interface Deps {
  readonly authenticateClient: AuthenticateClient;
  readonly grants: Grants;
  readonly accessTokens: AccessTokens;
  readonly homeOf: HomeOf;
}

/**
 * RFC 7009 §2.2: also for a token that is unknown, expired or revoked already. An empty object,
 * because HTTP API calls an answer without a type `text/plain`, which some clients refuse.
 */
const DONE: HttpResponse = privateJson({});

/** `POST /oauth2/revoke` (RFC 7009): either token ends its whole grant. */
export function createRevocationEndpoint(deps: Deps): HomingEndpoint {
  return async (request) => {
    requireSoundForm(request.form);
    // Whoever asks is authenticated where the grant is: at home.
    const home = deps.homeOf.tagged(request, request.form.find('token'));
    if (home !== undefined) return { home };
    const client = await deps.authenticateClient(request);
    noteSubject(request, { clientId: client.clientId });
    const token = requireField(request.form, 'token');
    const pointer = await locate(deps, token, client, request.now);
    if (pointer === undefined) return DONE;
    noteSubject(request, { sub: pointer.sub });
    const acting = actingOf(request, { type: 'client', clientId: client.clientId });
    const revocation = await deps.grants.revoke(pointer, client.clientId, acting);
    if (revocation === 'another-clients') throw anotherClients();
    if (revocation === 'unknown') {
      // Looked for here first, so that those at home pay for no look into the directory.
      const elsewhere = await deps.homeOf.unreadPerson(request, pointer.sub);
      if (elsewhere !== undefined) return { home: elsewhere };
    }
    return DONE;
  };
}

/** `token_type_hint` is not needed: the two kinds look different (RFC 7009 §2.1). */
async function locate(
  { grants, accessTokens }: Deps,
  token: string,
  client: Client,
  now: EpochSeconds,
): Promise<GrantPointer | undefined> {
  const opened = await grants.open(token, now);
  if (opened !== undefined) return opened;
  const claims = await accessTokens.verify(token, now);
  if (claims === undefined) return undefined;
  const { sub, gid, client_id: issuedTo } = claims;
  if (issuedTo !== client.clientId) throw anotherClients();
  if (typeof sub !== 'string' || typeof gid !== 'string') {
    // Nothing is stored about a client's own token: it ends by expiring.
    throw new OAuthError('unsupported_token_type', { detail: 'a token without a grant' });
  }
  return { sub: sub as Sub, grantId: gid };
}

/** RFC 7009 §2.1: a client may end its own tokens only. */
function anotherClients(): OAuthError {
  return new OAuthError('invalid_grant', { detail: 'the token is another client’s' });
}
