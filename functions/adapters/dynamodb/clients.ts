import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Client } from '../../core/client.ts';
import { type ClientId, isId } from '../../core/ids.ts';
import type { Clients } from '../../core/ports/clients.ts';
import { clientKey, decodeClient } from './client-items.ts';
import { sendDynamo } from './send.ts';

const KNOWN_FOR_MS = 60_000;
/** Short, so that a client that was just created works; bounded, so that a flood costs no memory. */
const UNKNOWN_FOR_MS = 5000;
const MAX_REMEMBERED = 1000;

interface ClientsDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

interface Remembered {
  readonly client: Promise<Client | undefined>;
  forgetAtMs: number;
}

/** Registrations, cached in the container: 60 s when found, 5 s when not. */
export function createClients({ nowMs = Date.now, ...deps }: ClientsDeps): Clients {
  const remembered = new Map<ClientId, Remembered>();

  function remember(clientId: ClientId): Promise<Client | undefined> {
    const client = load(deps, clientId);
    const entry: Remembered = { client, forgetAtMs: nowMs() + KNOWN_FOR_MS };
    // A Map keeps insertion order: the first key is the oldest.
    const [oldest] = remembered.keys();
    if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    remembered.delete(clientId);
    remembered.set(clientId, entry);
    client.then(
      (found) => {
        if (found === undefined) entry.forgetAtMs = nowMs() + UNKNOWN_FOR_MS;
      },
      () => remembered.delete(clientId),
    );
    return client;
  }

  return {
    async find(clientId) {
      if (!isId(clientId)) return undefined;
      const entry = remembered.get(clientId);
      if (entry !== undefined && nowMs() < entry.forgetAtMs) return entry.client;
      return remember(clientId);
    },
  };
}

async function load(
  { dynamo, directoryTable }: ClientsDeps,
  clientId: ClientId,
): Promise<Client | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: directoryTable, Key: clientKey(clientId) }),
  );
  return decodeClient(item);
}
