import type { PublicJwk } from './client.ts';
import { invalidMetadata } from './client-metadata-error.ts';

/** What each kind of key verifies: RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2. Asymmetric only. */
const ALGORITHMS_OF: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ['RSA', ['RS256', 'PS256']],
  ['P-256', ['ES256']],
  ['Ed25519', ['EdDSA', 'Ed25519']],
]);

/** RFC 7518 §3.3 and §3.5: a smaller key is refused by whoever verifies with it. */
const MIN_RSA_BITS = 2048;

/** RFC 7518 §6.2.2, §6.3.2 and §6.4.1: none of these is part of a public key. */
const PRIVATE_MEMBERS: ReadonlyArray<string> = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Every `alg` that an assertion of a client may carry. */
export const ASSERTION_ALGORITHMS: ReadonlyArray<string> = [...ALGORITHMS_OF.values()].flat();

/**
 * The `alg` that a client's key verifies, the first where there are several. Throws
 * `invalid_client_metadata` for a key that could not verify any assertion: it would fail far from
 * who can mend it.
 */
export function requireAssertionAlgorithm(jwk: PublicJwk): string {
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) throw refuse('a private key');
  const { kty, crv, alg, use, key_ops: operations } = jwk;
  const possible = ALGORITHMS_OF.get(kty === 'RSA' ? kty : String(crv)) ?? [];
  const [algorithm] = possible.filter((name) => alg === undefined || name === alg);
  if (algorithm === undefined) {
    throw refuse(`a key that is not for one of ${ASSERTION_ALGORITHMS.join(', ')}`);
  }
  if (kty === 'RSA' && rsaBits(jwk) < MIN_RSA_BITS) {
    throw refuse(`an RSA key of less than ${MIN_RSA_BITS} bits`);
  }
  const isForVerifying =
    (use === undefined || use === 'sig') &&
    (operations === undefined || [operations].flat().includes('verify'));
  if (!isForVerifying) throw refuse('a key that is not for signatures');
  return algorithm;
}

/** RFC 7518 §6.3.1.1: `n` has no leading zero octets, but who would rely on it. */
function rsaBits({ n }: PublicJwk): number {
  const digits = Buffer.from(String(n), 'base64url').toString('hex').replace(/^0+/, '');
  const [first = '0'] = digits;
  return digits === '' ? 0 : digits.length * 4 - (Math.clz32(Number.parseInt(first, 16)) - 28);
}

function refuse(what: string) {
  return invalidMetadata(`jwks holds ${what}`);
}
