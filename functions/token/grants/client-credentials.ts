import { OAuthError } from '../../core/errors.ts';
import { machineScope, narrowScope } from '../../core/scope.ts';
import type { HandleGrant } from '../token.ts';
import type { TokenIssuer } from '../token-issuer.ts';

/** RFC 6749 §4.4: confidential clients only. One AWS call. */
export function createClientCredentialsGrant(tokenIssuer: TokenIssuer): HandleGrant {
  return async ({ form, client, now }) => {
    if (client.tokenEndpointAuthMethod === 'none') {
      throw new OAuthError('unauthorized_client', { detail: 'a public client proves nothing' });
    }
    const scope = narrowScope(machineScope(client.scope), form.find('scope'));
    return tokenIssuer.forMachine({ client, scope, resources: form.all('resource'), now });
  };
}
