import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  type ExportedJWKSCache,
  type JSONWebKeySet,
  type JWKSCacheInput,
  jwksCache,
  jwtVerify,
} from 'jose';

/** Somebody who checks signatures and keeps the key set as long as it may. */
export interface Verifier {
  /** Throws when the key of the token is unknown to it, or the signature is wrong. */
  verify(token: string): Promise<void>;
  /** Its cache grows older. */
  age(seconds: number): void;
}

/** Fetches when `max-age` has passed to the second and never before, whatever `kid` it meets. */
export async function createStubbornVerifier(url: URL, firstAge: number): Promise<Verifier> {
  let age = Number.POSITIVE_INFINITY;
  let maxAge = 0;
  let keySet = createLocalJWKSet({ keys: [] });
  const load = async () => {
    const response = await fetch(url);
    const found = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '');
    maxAge = Number(found?.[1]);
    keySet = createLocalJWKSet((await response.json()) as JSONWebKeySet);
    age = 0;
  };
  await load();
  // Verifiers out of step with each other: one of them is at its oldest at any moment.
  age = firstAge;
  return {
    age: (seconds) => {
      age += seconds;
    },
    async verify(token) {
      if (age >= maxAge) await load();
      await jwtVerify(token, keySet, UNTIMED);
    },
  };
}

/** `jose`, as relying parties use it; its cache ages with the clock of the test. */
export function createJoseVerifier(url: URL): Verifier {
  const cache: JWKSCacheInput = {};
  const keySetOfThatAge = () => createRemoteJWKSet(url, { [jwksCache]: cache });
  let keySet = keySetOfThatAge();
  return {
    age: (seconds) => {
      if (isFilled(cache)) cache.uat -= seconds * 1000;
      keySet = keySetOfThatAge();
    },
    async verify(token) {
      await jwtVerify(token, keySet, UNTIMED);
    },
  };
}

function isFilled(cache: JWKSCacheInput): cache is ExportedJWKSCache {
  return 'jwks' in cache;
}

/** Whether a token has expired is asked of the test's clock, not of this machine's. */
const UNTIMED = { currentDate: new Date(0) };

/** By which keys a verifier that comes new would check, at that address. */
export async function publishedKids(base: string): Promise<ReadonlyArray<string>> {
  const response = await fetch(new URL('/oauth2/jwks', base));
  const { keys } = (await response.json()) as JSONWebKeySet;
  return keys.map(({ kid = '' }) => kid).sort();
}

export function kidOf(token: string): string {
  return decodeProtectedHeader(token).kid ?? '';
}
