import { importJWK } from 'jose';
import * as z from 'zod/mini';
import type { PublicJwk } from '../core/client.ts';
import { requireAssertionAlgorithm } from '../core/client-keys.ts';
import type { ClientMetadata } from '../core/client-metadata.ts';
import { invalidMetadata } from '../core/client-metadata-error.ts';

const Texts = z.array(z.string()).check(z.maxLength(100));
const Algorithm = z.enum(['RS256', 'ES256']);

const Jwk = z.looseObject({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  kid: z.exactOptional(z.string()),
  alg: z.exactOptional(z.string()),
  use: z.exactOptional(z.string()),
});

/** RFC 7591 §2: what is not understood is ignored, but for our own prefix, where it is a typo. */
const Metadata = z
  .looseObject({
    client_name: z.optional(z.string()),
    redirect_uris: z.optional(Texts),
    post_logout_redirect_uris: z.optional(Texts),
    grant_types: z.optional(
      z.array(z.enum(['authorization_code', 'refresh_token', 'client_credentials'])),
    ),
    response_types: z.optional(z.array(z.literal('code'))),
    token_endpoint_auth_method: z.optional(
      z.enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']),
    ),
    jwks: z.optional(z.object({ keys: z.array(Jwk).check(z.maxLength(10)) })),
    scope: z.optional(z.string()),
    subject_type: z.optional(z.literal('public')),
    id_token_signed_response_alg: z.optional(Algorithm),
    client_uri: z.optional(z.string()),
    policy_uri: z.optional(z.string()),
    tos_uri: z.optional(z.string()),
    domicile_access_token_signed_response_alg: z.optional(Algorithm),
    domicile_audiences: z.optional(Texts),
    domicile_require_pkce: z.optional(z.boolean()),
    domicile_first_party: z.optional(z.boolean()),
    domicile_logo: z.optional(z.string()),
    domicile_color: z.optional(z.string()),
    domicile_allowed_cells: z.optional(Texts),
  })
  .check(z.refine((metadata) => !('jwks_uri' in metadata), 'jwks_uri is not supported: send jwks'));

const OWN_MEMBERS: ReadonlySet<string> = new Set(Object.keys(Metadata.shape));

/** Shapes only; what the values may be is the core's. Throws `invalid_client_metadata`. */
export async function parseMetadata(
  input: Readonly<Record<string, unknown>>,
): Promise<ClientMetadata> {
  const unknown = Object.keys(input).find(
    (name) => name.startsWith('domicile_') && !OWN_MEMBERS.has(name),
  );
  if (unknown !== undefined) throw invalidMetadata(`${unknown} is not known`);
  const parsed = Metadata.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const member = issue?.path.join('.') ?? '';
    throw invalidMetadata([member, issue?.message].filter(Boolean).join(': '));
  }
  for (const jwk of parsed.data.jwks?.keys ?? []) await requireUsable(jwk);
  return parsed.data;
}

/** A key that cannot be imported would fail at the first assertion, far from who can mend it. */
async function requireUsable(jwk: PublicJwk): Promise<void> {
  const algorithm = requireAssertionAlgorithm(jwk);
  try {
    await importJWK(jwk, algorithm);
  } catch {
    throw invalidMetadata('jwks holds a key that cannot be used');
  }
}
