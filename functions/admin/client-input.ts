import type { Client } from '../core/client.ts';
import { type ClientId, isId } from '../core/ids.ts';
import type { EpochSeconds } from '../core/time.ts';
import { type AdminDeps, AdminError, actingOfOperator, type Input } from './operation.ts';

/** 256 random bits: what is stored of it needs no slow hash. */
const SECRET_BYTES = 32;

/** Undefined without an id and for what cannot be one. */
export function findClientId({ client_id: clientId }: Input): ClientId | undefined {
  return typeof clientId === 'string' && isId(clientId) ? (clientId as ClientId) : undefined;
}

export function requireClientId(input: Input): ClientId {
  const clientId = findClientId(input);
  if (clientId !== undefined) return clientId;
  throw new AdminError(
    'invalid_request',
    'client_id must have 1 to 128 letters, digits, hyphens or underscores',
  );
}

/** Throws `not_found`. */
export async function loadClient({ registry }: AdminDeps, clientId: ClientId): Promise<Client> {
  const client = await registry.find(clientId);
  if (client === undefined) throw notFound(clientId);
  return client;
}

/** Writes if nobody else did since `before` was read. Throws `conflict`. */
export async function replaceClient(
  { registry }: AdminDeps,
  { before, after, now }: { readonly before: Client; readonly after: Client; now: EpochSeconds },
): Promise<void> {
  if (await registry.replace(after, before.updatedAt, actingOfOperator(now))) return;
  throw new AdminError('conflict', 'the client was changed at the same time; look and try again');
}

export function notFound(clientId: ClientId): AdminError {
  return new AdminError('not_found', `there is no client ${clientId}`);
}

export function newSecret({ randomToken }: AdminDeps): string {
  return randomToken(SECRET_BYTES);
}

/** RFC 7591 §3.2.1: shown here and never again; 0 says that it does not expire. */
export function describeSecret(secret: string) {
  return { client_secret: secret, client_secret_expires_at: 0 };
}
