import { narrowResources } from '../../core/access-token.ts';
import type { Client } from '../../core/client.ts';
import { OAuthError } from '../../core/errors.ts';
import type { Grants, OpenedRefreshToken } from '../../core/ports/grants.ts';
import { narrowScope, withinRegistration } from '../../core/scope.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { requireField } from '../form-fields.ts';
import type { HandleGrant } from '../token.ts';
import type { TokenIssuer } from '../token-issuer.ts';

interface Deps {
  readonly grants: Grants;
  readonly tokenIssuer: TokenIssuer;
  readonly issuer: string;
}

/**
 * RFC 6749 §6, OIDC Core §12. Three AWS calls, two deep. The account is not read: whoever disables
 * one has to end its sessions and grants, as a password change does; no such operation exists yet.
 *
 * Whatever can be refused is refused before the token is rotated: a refusal afterwards would leave
 * a rotation that nobody saw the result of.
 */
export function createRefreshTokenGrant({ grants, tokenIssuer, issuer }: Deps): HandleGrant {
  return async ({ form, client, now, acting, noteSub }) => {
    const presented = requireField(form, 'refresh_token');
    const opened = await grants.open(presented, now);
    if (opened === undefined) {
      throw invalidGrant('the refresh token is not one of ours, or its family has ended');
    }
    if (opened.kind === 'code') throw invalidGrant('a code is no refresh token');
    noteSub(opened.sub);
    const scope = chooseScope(opened, client, form.find('scope'));
    const asked = form.all('resource');
    const resources = narrowResources(opened.resources, asked, { client, issuer });
    const rotation = await grants.rotate(opened, { clientId: client.clientId, acting });
    if (rotation.outcome !== 'rotated') throw invalidGrant(rotation.detail);
    const { grant, endsAt, refreshToken } = rotation;
    try {
      const request = { client, scope, resources, endsAt, now };
      const tokens = await tokenIssuer.forRefresh(grant, request);
      return { ...tokens, refresh_token: refreshToken };
    } catch (error) {
      if (!(error instanceof OAuthError)) await keepUsable(grants, opened, now);
      throw error;
    }
  };
}

/** What was granted, as far as the client may still ask for it, and no more than it asks for now. */
function chooseScope(
  opened: OpenedRefreshToken,
  client: Client,
  requested: string | undefined,
): string {
  const left = withinRegistration(opened.scope, client.scope);
  if (left === '') throw invalidGrant('the client may ask for nothing of what was granted');
  return narrowScope(left, requested);
}

/** The client never saw the successor: what it has must go on working for a while. */
async function keepUsable(
  grants: Grants,
  refreshToken: OpenedRefreshToken,
  now: EpochSeconds,
): Promise<void> {
  try {
    await grants.prolongGrace(refreshToken, now);
  } catch {
    // The first failure is the one to report.
  }
}

function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', { detail });
}
