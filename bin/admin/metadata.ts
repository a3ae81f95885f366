import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { UsageError } from './usage-error.ts';

export type Values = Readonly<
  Record<string, string | boolean | ReadonlyArray<string | boolean> | undefined>
>;

/** Options → RFC 7591 members that take the value as it is. */
const MEMBERS: Readonly<Record<string, string>> = {
  'client-id': 'client_id',
  name: 'client_name',
  'redirect-uri': 'redirect_uris',
  'post-logout-redirect-uri': 'post_logout_redirect_uris',
  'grant-type': 'grant_types',
  'auth-method': 'token_endpoint_auth_method',
  jwks: 'jwks',
  scope: 'scope',
  audience: 'domicile_audiences',
  'id-token-alg': 'id_token_signed_response_alg',
  'access-token-alg': 'domicile_access_token_signed_response_alg',
  'require-pkce': 'domicile_require_pkce',
  'first-party': 'domicile_first_party',
  logo: 'domicile_logo',
  color: 'domicile_color',
  'allowed-cell': 'domicile_allowed_cells',
  'client-uri': 'client_uri',
  'policy-uri': 'policy_uri',
  'tos-uri': 'tos_uri',
};

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/** The function's input from the command line; files are read here. Throws UsageError. */
export function toMetadata(values: Values): Readonly<Record<string, unknown>> {
  const metadata: Record<string, unknown> = {};
  for (const [option, member] of Object.entries(MEMBERS)) {
    const value = values[option];
    if (value === undefined) continue;
    metadata[member] = readValue(option, value);
  }
  for (const option of [values['unset'] ?? []].flat()) metadata[requireMember(option)] = null;
  return metadata;
}

function readValue(option: string, value: Values[string]): unknown {
  if (option === 'logo' && typeof value === 'string') return readLogo(value);
  if (option === 'jwks' && typeof value === 'string') return readJwks(value);
  return value;
}

function requireMember(option: string | boolean): string {
  const member = MEMBERS[String(option)];
  if (member === undefined) throw new UsageError(`--unset ${option}: there is no such option`);
  return member;
}

function readLogo(path: string): string {
  const type = IMAGE_TYPES[extname(path).toLowerCase()];
  if (type === undefined) throw new UsageError(`--logo ${path}: must be .png, .svg or .webp`);
  return `data:${type};base64,${readFile('--logo', path).toString('base64')}`;
}

function readJwks(path: string): unknown {
  const text = readFile('--jwks', path).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--jwks ${path}: is not JSON`);
  }
}

function readFile(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageError(`${option} ${path}: cannot be read`);
  }
}
