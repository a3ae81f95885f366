import type { CredentialRegistry } from '../gateway/credentials.ts';
import type { Principal } from '../types.ts';

/** What was answered, or that no answer came. */
export type RoleAnswer =
  | { readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly status: undefined };

/**
 * Calls AWS as a service does that has assumed a role: over the gateway, where IAM, faults and the
 * call log are, as for every other caller.
 */
export type RoleClient = (
  principal: Principal,
  call: {
    readonly service: string;
    readonly region: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
  },
) => Promise<RoleAnswer>;

export function createRoleClient(gatewayUrl: string, credentials: CredentialRegistry): RoleClient {
  const keys = new Map<string, string>();
  return async (principal, { service, region, path, headers, body }) => {
    const known = `${principal.roleArn} ${principal.name}`;
    const accessKeyId = keys.get(known) ?? credentials.issue(principal).accessKeyId;
    keys.set(known, accessKeyId);
    try {
      const response = await fetch(`${gatewayUrl}${path}`, {
        method: 'POST',
        headers: {
          ...headers,
          // The gateway reads who calls what, and verifies no signature.
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
        },
        body,
      });
      return { status: response.status, headers: response.headers, body: await response.text() };
    } catch (error) {
      // What `fetch` throws when the connection is cut.
      if (error instanceof TypeError) return { status: undefined };
      throw error;
    }
  };
}
