import type { Acting } from '../audit/act.ts';
import type { Client } from '../client.ts';
import type { ClientId, SecretHash } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** Reading side; answers are cached in the container for a stated time. */
export interface Clients {
  find(clientId: ClientId): Promise<Client | undefined>;
  /** Those that there are; at most one read per hundred, however many are not cached. */
  findAll(clientIds: Iterable<ClientId>): Promise<ReadonlyMap<ClientId, Client>>;
}

/** Proof that a `private_key_jwt` assertion is used once only (RFC 7523 §3, `jti`). */
export interface ClientAssertions {
  /** False when this `jti` of this client was seen before. One conditional write. */
  consume(clientId: ClientId, jti: string, expiresAt: EpochSeconds): Promise<boolean>;
}

/** Undefined when signature, issuer, subject, audience or times are wrong (RFC 7523 §3). */
export type VerifyAssertion = (
  client: Client,
  assertion: string,
  now: EpochSeconds,
) => Promise<{ readonly jti: string; readonly exp: number } | undefined>;

/** Writing side, for the admin surface alone. Never cached. */
export interface ClientRegistry {
  /** False when the id is taken, or was: ids of deleted clients are not given again. */
  create(client: Client, acting: Acting): Promise<boolean>;
  find(clientId: ClientId): Promise<Client | undefined>;
  list(cursor?: string): Promise<{ clients: ReadonlyArray<Client>; cursor?: string }>;
  /** Replaces the registration if it is still the one last read (`updatedAt`); false otherwise. */
  replace(client: Client, expectedUpdatedAt: EpochSeconds, acting: Acting): Promise<boolean>;
  /** False when there was none. */
  delete(clientId: ClientId, acting: Acting): Promise<boolean>;
}

/** What is stored of a client secret; 256 random bits need no slow hash. */
export type HashSecret = (secret: string) => SecretHash;
