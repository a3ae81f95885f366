import { randomToken } from '../adapters/crypto/hash.ts';
import type { Cells } from '../core/cells.ts';
import type { IdentifierHash } from '../core/ids.ts';
import type { Sealer } from '../core/ports/sealer.ts';
import { addSeconds, type EpochSeconds } from '../core/time.ts';
import { cellCookieName, setCookie } from '../http/cookies.ts';
import type { HttpRequest } from '../http/message.ts';

/** A device that nobody signed in with for so long is a stranger's again. */
const LIFETIME_SECONDS = 90 * 86_400;

interface DeviceDeps {
  readonly cells: Cells;
  readonly sealer: Sealer;
  readonly settings: { readonly issuer: string };
}

/** A browser that somebody signed in with, to this address, by the password of that time. */
export interface KnownDevice {
  readonly id: string;
  /** Of the password that was given: after a change, the device is no longer known. */
  readonly passwordChangedAt: EpochSeconds;
}

interface DeviceCookie {
  readonly h: IdentifierHash;
  readonly d: string;
  readonly p: EpochSeconds;
}

/**
 * Guesses from a device that signed in to this address before are counted apart from everybody
 * else's: a stranger can use up the strangers' tries, but not lock the owner out. Whether the
 * password is still the same is for the caller to see.
 */
export async function findKnownDevice(
  { cells, sealer, settings }: DeviceDeps,
  http: HttpRequest,
  identifier: IdentifierHash,
): Promise<KnownDevice | undefined> {
  const cookie = http.cookies.get(cellCookieName('device', settings.issuer, cells));
  if (cookie === undefined) return undefined;
  const content = await sealer.open('device-cookie', cookie, http.now);
  if (content === undefined) return undefined;
  // Authentic when it opens, hence written by `rememberDevice`.
  const { h, d, p } = content as DeviceCookie;
  return h === identifier ? { id: d, passwordChangedAt: p } : undefined;
}

/**
 * A complete `Set-Cookie` value: this device signed in to this address. A device that is known
 * keeps its id, so that signing in often yields no more counters to guess with.
 */
export async function rememberDevice(
  deps: DeviceDeps,
  http: HttpRequest,
  identifier: IdentifierHash,
  passwordChangedAt: EpochSeconds,
): Promise<string> {
  const known = await findKnownDevice(deps, http, identifier);
  const isSame = known?.passwordChangedAt === passwordChangedAt;
  const content: DeviceCookie = {
    h: identifier,
    d: isSame ? known.id : randomToken(),
    p: passwordChangedAt,
  };
  const { issuer } = deps.settings;
  const expiresAt = addSeconds(http.now, LIFETIME_SECONDS);
  const cookie = await deps.sealer.seal('device-cookie', content, expiresAt);
  return setCookie(cellCookieName('device', issuer, deps.cells), cookie, {
    issuer,
    maxAgeSeconds: LIFETIME_SECONDS,
  });
}
