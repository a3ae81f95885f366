import type { Client } from './client.ts';
import { OAuthError } from './errors.ts';
import type { ClientId, SecretHash } from './ids.ts';
import type { EpochSeconds } from './time.ts';

/** How a client says who it is (OIDC Core §9). The assertion names its client itself. */
export type PresentedCredentials =
  | { readonly method: 'none'; readonly clientId: ClientId }
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: ClientId;
      readonly secret: string;
    }
  | {
      readonly method: 'private_key_jwt';
      readonly clientId: ClientId | undefined;
      readonly assertion: string;
    };

interface FormReader {
  find(name: string): string | undefined;
}

/** RFC 7523 §2.2. */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Exactly one method per request (RFC 6749 §2.3). Throws invalid_request for several or half a
 * method, invalid_client for none and for what cannot be read.
 */
export function readClientCredentials(
  authorization: string | undefined,
  form: FormReader,
): PresentedCredentials {
  const named = form.find('client_id') as ClientId | undefined;
  const secret = form.find('client_secret');
  const assertion = form.find('client_assertion');
  const assertionType = form.find('client_assertion_type');
  const methods = [authorization, secret, assertion].filter((value) => value !== undefined);
  if (methods.length > 1) throw malformed('several client authentication methods');
  if ((assertion === undefined) !== (assertionType === undefined)) {
    throw malformed('client_assertion and client_assertion_type belong together');
  }
  if (authorization !== undefined) return readBasic(authorization, named);
  if (assertion !== undefined) {
    if (assertionType !== JWT_BEARER) throw malformed('unknown client_assertion_type');
    return { method: 'private_key_jwt', clientId: named, assertion };
  }
  if (named === undefined) throw refusedClient('no client authentication');
  if (secret !== undefined) return { method: 'client_secret_post', clientId: named, secret };
  return { method: 'none', clientId: named };
}

/** RFC 6749 §2.3.1: id and secret are form-encoded before Basic encodes them. */
function readBasic(authorization: string, named: ClientId | undefined): PresentedCredentials {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? [];
  if (encoded === undefined) throw refusedClient('the Authorization header is not Basic');
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const separator = pair.indexOf(':');
  if (separator === -1) throw refusedClient('Basic credentials without a colon');
  const clientId = decodeForm(pair.slice(0, separator)) as ClientId;
  if (named !== undefined && named !== clientId) throw malformed('two different client ids');
  return {
    method: 'client_secret_basic',
    clientId,
    secret: decodeForm(pair.slice(separator + 1)),
  };
}

function decodeForm(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw refusedClient('Basic credentials with a broken percent-encoding');
  }
}

/** The current secret, or the previous one while a rotation is under way. */
export function isValidSecret(
  client: Client,
  presented: SecretHash,
  now: EpochSeconds,
  equal: (a: string, b: string) => boolean,
): boolean {
  return client.secrets.some(
    ({ hash, expiresAt }) => (expiresAt === undefined || now < expiresAt) && equal(hash, presented),
  );
}

/** The `sub` of an assertion before it is verified: says whose keys to try, nothing more. */
export function readAssertionSubject(assertion: string): string | undefined {
  try {
    const [, payload = ''] = assertion.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || !('sub' in claims)) return undefined;
    return typeof claims.sub === 'string' ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 6749 §5.2: an answer to the Authorization header names its scheme; add it with `headers`. */
export function refusedClient(detail: string, headers?: Readonly<Record<string, string>>) {
  return new OAuthError('invalid_client', {
    detail,
    ...(headers === undefined ? {} : { headers }),
  });
}

function malformed(detail: string) {
  return new OAuthError('invalid_request', { detail });
}
