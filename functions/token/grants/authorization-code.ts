import { narrowResources, requireKnownResources } from '../../core/access-token.ts';
import type { Account } from '../../core/account.ts';
import type { Acting } from '../../core/audit/act.ts';
import type { Client } from '../../core/client.ts';
import { OAuthError } from '../../core/errors.ts';
import type { Grant } from '../../core/grant.ts';
import { verifiesCodeChallenge } from '../../core/pkce.ts';
import type { HashSecret } from '../../core/ports/clients.ts';
import type { Grants, OpenedCode, Redemption } from '../../core/ports/grants.ts';
import type { Profiles } from '../../core/ports/profiles.ts';
import { withinRegistration } from '../../core/scope.ts';
import { requireField } from '../form-fields.ts';
import type { HandleGrant } from '../token.ts';
import type { TokenIssuer } from '../token-issuer.ts';

interface Deps {
  readonly grants: Grants;
  readonly profiles: Pick<Profiles, 'findWithSession'>;
  readonly tokenIssuer: TokenIssuer;
  readonly hashSecret: HashSecret;
  readonly issuer: string;
}

/** RFC 6749 §4.1.3, OIDC Core §3.1.3. Four AWS calls, two deep. */
export function createAuthorizationCodeGrant(deps: Deps): HandleGrant {
  return async ({ form, client, now, acting, noteSub }) => {
    const code = requireField(form, 'code');
    const redirectUri = requireField(form, 'redirect_uri');
    const verifier = form.find('code_verifier');
    const requested = form.all('resource');
    requireKnownResources(client, requested, deps.issuer);
    const opened = await deps.grants.open(code, now);
    if (opened === undefined) throw invalidGrant('the code is not one of ours');
    if (opened.kind !== 'code') throw invalidGrant('a refresh token is no code');
    noteSub(opened.sub);

    // The code says whose it is: profile and session are read while the code is redeemed.
    const refreshable = client.grantTypes.includes('refresh_token');
    const [redemption, standing] = await Promise.allSettled([
      deps.grants.redeem(opened, { clientId: client.clientId, refreshable, acting }),
      deps.profiles.findWithSession(opened.sub, opened.sessionId),
    ]);
    const { grant, endsAt, refreshToken } = requireRedeemed(requireFulfilled(redemption));
    try {
      requireSameRequest(grant, { redirectUri, verifier }, deps.hashSecret);
      const { account, choices, hasSession } = requireFulfilled(standing);
      // Sign-out deletes the session and then looks for grants: this code was issued in between.
      if (!hasSession) throw invalidGrant('the session of the code has ended');
      const scope = withinRegistration(grant.scope, client.scope);
      if (scope === '') throw invalidGrant('the client may ask for nothing of what was granted');
      const { issuer } = deps;
      const resources = narrowResources(grant.resources, requested, { client, issuer });
      const request = { client, scope, resources, endsAt, now };
      const person = { account: requireActive(account), choices };
      const tokens = await deps.tokenIssuer.forPerson(grant, person, request);
      return refreshToken === undefined ? tokens : { ...tokens, refresh_token: refreshToken };
    } catch (error) {
      await settle(deps.grants, opened, { client, acting }, error);
      throw error;
    }
  };
}

function requireRedeemed(redemption: Redemption) {
  if (redemption.outcome === 'redeemed') return redemption;
  throw invalidGrant(redemption.detail);
}

/** The redemption must come from who asked for the code (RFC 6749 §4.1.3, RFC 7636 §4.6). */
function requireSameRequest(
  grant: Grant,
  presented: { readonly redirectUri: string; readonly verifier: string | undefined },
  hashSecret: HashSecret,
): void {
  if (presented.redirectUri !== grant.redirectUri) throw invalidGrant('another redirect_uri');
  if (grant.codeChallenge === undefined) {
    // RFC 9700 §4.8.2: a verifier without a challenge is a PKCE downgrade.
    if (presented.verifier !== undefined) throw invalidGrant('a verifier without a challenge');
    return;
  }
  if (presented.verifier === undefined) throw invalidGrant('code_verifier is missing');
  if (!verifiesCodeChallenge(presented.verifier, grant.codeChallenge, hashSecret)) {
    throw invalidGrant('code_verifier does not match');
  }
}

function requireActive(account: Account | undefined): Account {
  if (account?.status === 'active') return account;
  throw invalidGrant('the account is gone or disabled');
}

/**
 * A refused request leaves no open grant; one that failed on our side leaves the code as it was,
 * so that the client can try again.
 */
async function settle(
  grants: Grants,
  code: OpenedCode,
  { client, acting }: { readonly client: Client; readonly acting: Acting },
  error: unknown,
): Promise<void> {
  try {
    if (error instanceof OAuthError) await grants.revoke(code, client.clientId, acting);
    else await grants.reopen(code);
  } catch {
    // The first failure is the one to report.
  }
}

function requireFulfilled<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', { detail });
}
