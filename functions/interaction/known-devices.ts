import { randomToken } from '../adapters/crypto/hash.ts';
import type { IdentifierHash } from '../core/ids.ts';
import type { AttemptsOf } from '../core/ports/attempts.ts';
import { cookieName, setCookie } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';

const ONE_YEAR_SECONDS = 31_536_000;

interface DeviceCookie {
  readonly h: IdentifierHash;
  readonly d: string;
}

/**
 * Guesses from a device that signed in to this address before are counted apart from everybody
 * else's: a stranger can use up the strangers' tries, but not lock the owner out.
 */
export async function findAttemptsOf(
  { sealer, settings }: Pick<Interaction, 'sealer' | 'settings'>,
  http: HttpRequest,
  identifier: IdentifierHash,
): Promise<AttemptsOf> {
  const cookie = http.cookies.get(cookieName('device', settings.issuer));
  if (cookie === undefined) return { identifier };
  // Authentic when it opens, hence written by `rememberDevice`.
  const content = await sealer.open('device-cookie', cookie, http.now);
  const { h, d } = (content ?? {}) as Partial<DeviceCookie>;
  return h === identifier && d !== undefined ? { identifier, device: d } : { identifier };
}

/** A complete `Set-Cookie` value: this device signed in to this address. */
export async function rememberDevice(
  { sealer, settings }: Pick<Interaction, 'sealer' | 'settings'>,
  identifier: IdentifierHash,
): Promise<string> {
  const content: DeviceCookie = { h: identifier, d: randomToken() };
  const { issuer } = settings;
  return setCookie(cookieName('device', issuer), await sealer.seal('device-cookie', content), {
    issuer,
    maxAgeSeconds: ONE_YEAR_SECONDS,
  });
}
