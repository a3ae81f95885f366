import { ClientMetadataError, invalidMetadata } from './client-metadata-error.ts';

const MAX_URI_LENGTH = 2048;
const MAX_URIS = 20;

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** RFC 3986 appendix A, roughly: nothing that JSON or a header would have to escape. */
const URI_CHARACTERS = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** RFC 8252 §7.1: a private-use scheme is a reversed domain name, so it has a dot. */
const PRIVATE_USE_SCHEME = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:$/;

/**
 * RFC 6749 §3.1.2, RFC 9700 §4.1.1: absolute, exact, without fragment; https, or http on the own
 * machine, or an app's private-use scheme. Throws `invalid_redirect_uri`.
 */
export function requireRedirectUris(uris: ReadonlyArray<string>, member: string): void {
  if (uris.length > MAX_URIS) throw refuse(`${member} has more than ${MAX_URIS} entries`);
  for (const uri of uris) {
    const problem = findRedirectProblem(uri);
    if (problem !== undefined) throw refuse(`${member}: ${quote(uri)} ${problem}`);
  }
}

function findRedirectProblem(uri: string): string | undefined {
  if (uri.length > MAX_URI_LENGTH) return 'is too long';
  const url = parseUrl(uri);
  if (url === undefined) return 'is not an absolute URI';
  if (uri.includes('#')) return 'has a fragment';
  if (uri.includes('*')) return 'has a wildcard: redirect URIs are compared exactly';
  if (url.username !== '' || url.password !== '') return 'has credentials';
  // RFC 3986 §2: anything else is percent-encoded. It stands in a `Location` header as it is.
  if (/[^\x21-\x7e]/.test(uri)) return 'has white space, control or non-ASCII characters';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:') {
    return LOOPBACK_HOSTS.has(url.hostname) ? undefined : 'must use https';
  }
  return PRIVATE_USE_SCHEME.test(url.protocol)
    ? undefined
    : 'must use https, or a private-use scheme with a dot such as com.example.app:/callback';
}

/** Links that pages show: https, or http on the own machine. Throws `invalid_client_metadata`. */
export function requireLink(uri: string | undefined, member: string): void {
  if (uri === undefined) return;
  const url = parseUrl(uri);
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname));
  if (!isSafe || uri.length > MAX_URI_LENGTH)
    throw invalidMetadata(`${member} must be an https URL`);
}

/** RFC 8707 §2: resource indicators are absolute URIs without fragment. */
export function requireAudiences(audiences: ReadonlyArray<string>): void {
  if (audiences.length > MAX_URIS) {
    throw invalidMetadata(`domicile_audiences has more than ${MAX_URIS} entries`);
  }
  for (const audience of audiences) {
    const isSound =
      audience.length <= MAX_URI_LENGTH &&
      URI_CHARACTERS.test(audience) &&
      parseUrl(audience) !== undefined &&
      !audience.includes('#');
    if (!isSound) {
      throw invalidMetadata(
        `domicile_audiences: ${quote(audience)} is not an absolute URI without fragment`,
      );
    }
  }
}

function parseUrl(uri: string): URL | undefined {
  return URL.canParse(uri) ? new URL(uri) : undefined;
}

/** What an operator typed, in a message to the same operator. */
function quote(uri: string): string {
  return JSON.stringify(uri.length > 100 ? `${uri.slice(0, 100)}…` : uri);
}

function refuse(description: string): ClientMetadataError {
  return new ClientMetadataError('invalid_redirect_uri', description);
}
