import type { ClientId, Sub } from '../ids.ts';

export interface Consents {
  /** Space-separated scopes that a person has allowed a client; undefined when none. */
  findScope(sub: Sub, clientId: ClientId): Promise<string | undefined>;
}
