import type { HashSecret } from './ports/clients.ts';

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** RFC 7636 §4.6, S256: `BASE64URL(SHA256(code_verifier)) == code_challenge`. */
export function verifiesCodeChallenge(
  verifier: string,
  challenge: string,
  sha256: HashSecret,
): boolean {
  return VERIFIER.test(verifier) && sha256(verifier) === challenge;
}
