import { requireKnownResources } from '../../core/access-token.ts';
import { OAuthError } from '../../core/errors.ts';
import type { Grants } from '../../core/ports/grants.ts';
import { narrowScope } from '../../core/scope.ts';
import type { EpochSeconds } from '../../core/time.ts';
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
    const rotation = await grants.rotate(presented, { clientId: client.clientId, now });
    if (rotation.outcome !== 'rotated') {
      throw new OAuthError('invalid_grant', { detail: rotation.detail });
    }
    const { grant, refreshToken } = rotation;
    try {
      const scope = narrowScope(grant.scope, form.find('scope'));
      const tokens = await tokenIssuer.forRefresh(grant, { client, scope, resources, now });
      return { ...tokens, refresh_token: refreshToken };
    } catch (error) {
      await keepUsable(grants, presented, now);
      throw error;
    }
  };
}

/** The client never saw the successor: what it has must go on working. */
async function keepUsable(grants: Grants, presented: string, now: EpochSeconds): Promise<void> {
  try {
    await grants.prolongGrace(presented, now);
  } catch {
    // The first failure is the one to report.
  }
}
