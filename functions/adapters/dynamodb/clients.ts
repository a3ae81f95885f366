import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Client } from '../../core/client.ts';
import { type ClientId, isId } from '../../core/ids.ts';
import type { Clients } from '../../core/ports/clients.ts';
import type { Item } from './account-items.ts';
import { getBatch } from './batch-get.ts';
import { clientKey, decodeClient } from './client-items.ts';
import { sendDynamo } from './send.ts';

const KNOWN_FOR_MS = 60_000;
/** Short, so that a client that was just created works; bounded, so that a flood costs no memory. */
const UNKNOWN_FOR_MS = 5000;
const MAX_REMEMBERED = 1000;
/** The limit of BatchGetItem. */
const KEYS_PER_BATCH = 100;

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
  const { recall, remember } = createMemory(nowMs);

  return {
    async find(clientId) {
      if (!isId(clientId)) return undefined;
      return recall(clientId) ?? remember(clientId, load(deps, clientId));
    },

    async findAll(clientIds) {
      // Looked up once each: what is known now may be forgotten a moment later.
      const asked = [...new Set(clientIds)].filter(isId).map((id) => ({ id, known: recall(id) }));
      const missing = asked.flatMap(({ id, known }) => (known === undefined ? [id] : []));
      const loading = loadClients(deps, missing);
      const clients = asked.map(
        ({ id, known }) =>
          known ??
          remember(
            id,
            loading.then((loaded) => loaded.get(id)),
          ),
      );
      return byId(await Promise.all(clients));
    },
  };
}

function createMemory(nowMs: () => number) {
  const remembered = new Map<ClientId, Remembered>();

  return {
    recall(clientId: ClientId): Promise<Client | undefined> | undefined {
      const entry = remembered.get(clientId);
      return entry !== undefined && nowMs() < entry.forgetAtMs ? entry.client : undefined;
    },

    remember(clientId: ClientId, client: Promise<Client | undefined>): Promise<Client | undefined> {
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

/** By id, one read per hundred; one that was deleted is left out. */
export async function loadClients(
  { dynamo, directoryTable }: Pick<ClientsDeps, 'dynamo' | 'directoryTable'>,
  ids: ReadonlyArray<ClientId>,
): Promise<ReadonlyMap<ClientId, Client>> {
  const batches: Array<Promise<ReadonlyMap<string, ReadonlyArray<Item>>>> = [];
  for (let start = 0; start < ids.length; start += KEYS_PER_BATCH) {
    const keys = ids.slice(start, start + KEYS_PER_BATCH).map(clientKey);
    batches.push(getBatch(dynamo, { [directoryTable]: { Keys: keys } }));
  }
  const found = await Promise.all(batches);
  return byId(found.flatMap((batch) => batch.get(directoryTable) ?? []).map(decodeClient));
}

function byId(clients: ReadonlyArray<Client | undefined>): ReadonlyMap<ClientId, Client> {
  return new Map(
    clients.flatMap((client) => (client === undefined ? [] : [[client.clientId, client]])),
  );
}
