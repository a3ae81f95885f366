import type { Client, ClientSecret } from './client.ts';
import type { SecretHash } from './ids.ts';
import { addSeconds, type EpochSeconds } from './time.ts';

export function usesSecret({ tokenEndpointAuthMethod: method }: Client): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}

/** The new secret, and the one before it until the overlap ends. Older ones end at once. */
export function rotateSecrets(
  secrets: ReadonlyArray<ClientSecret>,
  hash: SecretHash,
  { now, overlapSeconds }: { readonly now: EpochSeconds; readonly overlapSeconds: number },
): ReadonlyArray<ClientSecret> {
  const previous = secrets
    .filter((secret) => secret.expiresAt === undefined && overlapSeconds > 0)
    .map((secret) => ({ ...secret, expiresAt: addSeconds(now, overlapSeconds) }));
  return [{ hash, createdAt: now }, ...previous];
}
