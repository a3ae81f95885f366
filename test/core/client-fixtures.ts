import type { Client } from '../../functions/core/client.ts';
import { type ClientMetadata, createClient } from '../../functions/core/client-metadata.ts';
import type { ClientId } from '../../functions/core/ids.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

export const NOW = 1_800_000_000 as EpochSeconds;

/** A confidential web app, changed as given. */
export function clientWith(metadata: ClientMetadata = {}): Client {
  return createClient(
    { redirect_uris: ['https://app.example/callback'], ...metadata },
    { clientId: 'app' as ClientId, secrets: [], createdAt: NOW, updatedAt: NOW },
  );
}
