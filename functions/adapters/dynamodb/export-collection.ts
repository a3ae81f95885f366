import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../../core/errors.ts';
import type { SectionedRecord } from '../../core/exports/sections.ts';
import type { ClientId, SessionId, Sub } from '../../core/ids.ts';
import type { Clients } from '../../core/ports/clients.ts';
import type { ReadExportPage } from '../../core/ports/exports.ts';
import type { PrivacyRequest } from '../../core/ports/privacy-requests.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { createLabelOpener } from '../crypto/label-keys.ts';
import {
  accountKey,
  dataKeyKey,
  decodeAccount,
  decodeDataKey,
  type Item,
  openLabelKeys,
  userPartition,
} from './account-items.ts';
import { getBatch } from './batch-get.ts';
import { encodeRecord, type RecordContext } from './export-records.ts';
import { findPersonEntity, isTold } from './person-items.ts';
import { sendDynamo } from './send.ts';

interface ExportCollectionDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly keyTable: string;
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
  readonly clients: Pick<Clients, 'find'>;
}

/** Items opened at once: enough to hide their waiting, few enough to be small in memory. */
const OPENED_AT_ONCE = 50;

/**
 * The person's collection, by the order of its sort keys. One query a page of 1 MB at most; pages
 * with the account or labelled sessions read the data key, once; each app's name is looked up once.
 */
export function createCollectionReader(deps: ExportCollectionDeps): ReadExportPage {
  return async (request, cursor) => {
    const page = await sendDynamo(
      deps.dynamo,
      new QueryCommand({
        TableName: deps.dataTable,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: userPartition(request.sub) } },
        ...(cursor !== undefined && { ExclusiveStartKey: keyAt(request.sub, cursor) }),
      }),
    );
    const context = contextOf(deps, request);
    const last = page.LastEvaluatedKey?.['sk']?.S;
    return {
      records: await encodeItems(page.Items ?? [], context),
      ...(last !== undefined && { cursor: last }),
    };
  };
}

async function encodeItems(
  items: ReadonlyArray<Item>,
  context: RecordContext,
): Promise<ReadonlyArray<SectionedRecord>> {
  const records: Array<SectionedRecord> = [];
  for (let start = 0; start < items.length; start += OPENED_AT_ONCE) {
    const some = items.slice(start, start + OPENED_AT_ONCE);
    const encoded = await Promise.all(some.map((item) => encodeItem(item, context)));
    records.push(...encoded.filter((record) => record !== undefined));
  }
  return records;
}

async function encodeItem(
  item: Item,
  context: RecordContext,
): Promise<SectionedRecord | undefined> {
  const entity = findPersonEntity(item['sk']?.S ?? '');
  // Better no export, and an alarm, than one that keeps quiet about something.
  if (entity === undefined) throw new InvariantError('an item that no entity is entered for');
  return isTold(entity) ? encodeRecord(entity, item, context) : undefined;
}

function contextOf(
  deps: ExportCollectionDeps,
  { sub, withCredentials = false }: PrivacyRequest,
): RecordContext {
  let opening: ReturnType<typeof openPerson> | undefined;
  const openOnce = () => {
    opening ??= openPerson(deps, sub);
    return opening;
  };
  return {
    sub,
    withCredentials,
    openAccount: async () => {
      const person = await openOnce();
      if (person === undefined) throw new InvariantError('an account without its data key');
      return person;
    },
    openLabel: async (sessionId, sealed) => {
      const open = (await openOnce())?.openLabel;
      return open?.({ sub, sessionId: sessionId as SessionId }, sealed);
    },
    findClientName: async (clientId) => (await deps.clients.find(clientId as ClientId))?.clientName,
  };
}

/** Undefined once the person is erased. */
async function openPerson(
  { dynamo, dataTable, keyTable, loadKeyring }: ExportCollectionDeps,
  sub: Sub,
) {
  const found = await getBatch(dynamo, {
    [dataTable]: { Keys: [accountKey(sub)], ConsistentRead: true },
    [keyTable]: { Keys: [dataKeyKey(sub)], ConsistentRead: true },
  });
  const [item] = found.get(dataTable) ?? [];
  const [key] = found.get(keyTable) ?? [];
  if (item === undefined || key === undefined) return undefined;
  const dataKey = decodeDataKey(await loadKeyring(), sub, key);
  const labelKeys = openLabelKeys(sub, item, dataKey);
  return {
    account: decodeAccount(sub, item, dataKey),
    openLabel: labelKeys && createLabelOpener(labelKeys),
    keyringVersion: Number(key['version']?.N),
  };
}

function keyAt(sub: Sub, sortKey: string): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: sortKey } };
}
