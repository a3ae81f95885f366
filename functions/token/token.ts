import type { Acting } from '../core/audit/act.ts';
import type { Client, GrantType } from '../core/client.ts';
import { OAuthError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import type { HomingEndpoint } from '../http/forwarding.ts';
import type { HomeOf } from '../http/home-of.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { Parameters } from '../http/parameters.ts';
import type { AuthenticateClient } from './client-authentication.ts';
import { requireField, requireSoundForm } from './form-fields.ts';
import type { TokenResponse } from './token-issuer.ts';

interface GrantRequest {
  readonly form: Parameters;
  readonly client: Client;
  readonly now: EpochSeconds;
  /** The client, in its own name. */
  readonly acting: Acting;
  /** Whose grant it is, for the log line: also when it is refused. */
  readonly noteSub: (sub: Sub) => void;
}

/** One grant type: reads its own parameters and answers with tokens. Throws OAuthError. */
export type HandleGrant = (request: GrantRequest) => Promise<TokenResponse>;

interface Deps {
  readonly authenticateClient: AuthenticateClient;
  readonly grants: Readonly<Record<GrantType, HandleGrant>>;
  readonly homeOf: Pick<HomeOf, 'tagged'>;
}

/** Which parameter is tagged with the cell that it came from. */
const TAGGED: ReadonlyMap<string, string> = new Map([
  ['authorization_code', 'code'],
  ['refresh_token', 'refresh_token'],
]);

/** `POST /oauth2/token` (RFC 6749 §3.2, §5). */
export function createTokenEndpoint({ authenticateClient, grants, homeOf }: Deps): HomingEndpoint {
  return async (request) => {
    const { form, now } = request;
    requireSoundForm(form);
    // Before anything is consumed: the home cell authenticates, and remembers assertions.
    const home = homeOf.tagged(request, findTagged(form));
    if (home !== undefined) return { home };
    const client = await authenticateClient(request);
    noteSubject(request, { clientId: client.clientId });
    const grantType = requireField(form, 'grant_type');
    if (!isGrantType(grants, grantType)) {
      throw new OAuthError('unsupported_grant_type', { detail: 'unknown grant_type' });
    }
    if (!client.grantTypes.includes(grantType)) {
      throw new OAuthError('unauthorized_client', { detail: `not registered for ${grantType}` });
    }
    const acting = actingOf(request, { type: 'client', clientId: client.clientId });
    const noteSub = (sub: Sub) => noteSubject(request, { sub });
    return privateJson(await grants[grantType]({ form, client, now, acting, noteSub }));
  };
}

function findTagged(form: Parameters): string | undefined {
  const name = TAGGED.get(form.find('grant_type') ?? '');
  return name === undefined ? undefined : form.find(name);
}

function isGrantType(grants: Deps['grants'], name: string): name is GrantType {
  return Object.hasOwn(grants, name);
}
