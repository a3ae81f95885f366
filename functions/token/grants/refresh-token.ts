import { requireKnownResources } from '../../core/access-token.ts';
import { OAuthError } from '../../core/errors.ts';
import type { Grants, OpenedGrant } from '../../core/ports/grants.ts';
import { narrowScope } from '../../core/scope.ts';
import { requireField } from '../form-fields.ts';
import type { HandleGrant } from '../token.ts';
import type { TokenIssuer } from '../token-issuer.ts';

interface Deps {
  readonly grants: Grants;
  readonly tokenIssuer: TokenIssuer;
  readonly issuer: string;
}

/** RFC 6749 §6, OIDC Core §12. Three AWS calls, two deep; accounts revoke grants when they end. */
export function createRefreshTokenGrant({ grants, tokenIssuer, issuer }: Deps): HandleGrant {
  return async ({ form, client, now }) => {
    const presented = requireField(form, 'refresh_token');
    const resources = form.all('resource');
    requireKnownResources(client, resources, issuer);
    const opened = await grants.open(presented, now);
    if (opened === undefined) {
      throw invalidGrant('the refresh token is not one of ours, or its family has ended');
    }
    const rotation = await grants.rotate(opened, { clientId: client.clientId, now });
    if (rotation.outcome !== 'rotated') throw invalidGrant(rotation.detail);
    const { grant, refreshToken } = rotation;
    try {
      const scope = narrowScope(grant.scope, form.find('scope'));
      const tokens = await tokenIssuer.forRefresh(grant, { client, scope, resources, now });
      return { ...tokens, refresh_token: refreshToken };
    } catch (error) {
      await keepUsable(grants, opened);
      throw error;
    }
  };
}

/** The client never saw the successor: what it has must go on working. */
async function keepUsable(grants: Grants, refreshToken: OpenedGrant): Promise<void> {
  try {
    await grants.prolongGrace(refreshToken);
  } catch {
    // The first failure is the one to report.
  }
}

function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', { detail });
}
