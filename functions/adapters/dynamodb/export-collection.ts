import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../../core/errors.ts';
import type { SectionedRecord } from '../../core/exports/sections.ts';
import type { ClientId, Sub } from '../../core/ids.ts';
import type { Clients } from '../../core/ports/clients.ts';
import type { ReadExportPage } from '../../core/ports/exports.ts';
import type { PrivacyRequest } from '../../core/ports/privacy-requests.ts';
import type { Sealer } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from '../crypto/keyring.ts';
import {
  dataKeyKey,
  decodeAccount,
  decodeDataKey,
  type Item,
  userPartition,
} from './account-items.ts';
import { encodeRecord, type RecordContext } from './export-records.ts';
import { findPersonEntity, isTold } from './person-items.ts';
import { sendDynamo } from './send.ts';

interface ExportCollectionDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly keyTable: string;
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly clients: Clients;
}

/** Items opened at once: enough to hide their waiting, few enough to be small in memory. */
const OPENED_AT_ONCE = 50;

/**
 * The person's collection, by the order of its sort keys. One query a page of 1 MB at most, the
 * account's page also reads the data key, and each app's name is looked up once.
 */
export function createCollectionReader(deps: ExportCollectionDeps): ReadExportPage {
  return async (request, cursor, now) => {
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
    const context = contextOf(deps, request, now);
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
  now: EpochSeconds,
): RecordContext {
  return {
    sub,
    withCredentials,
    openAccount: (item) => openAccount(deps, sub, item),
    openUserAgent: async (sealed) => {
      const label = await deps.sealer.open('user-agent', sealed, now);
      return typeof label === 'string' ? label : undefined;
    },
    findClientName: async (clientId) => (await deps.clients.find(clientId as ClientId))?.clientName,
  };
}

async function openAccount(
  { dynamo, keyTable, loadKeyring }: ExportCollectionDeps,
  sub: Sub,
  account: Item,
) {
  const { Item: key } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: keyTable, Key: dataKeyKey(sub), ConsistentRead: true }),
  );
  if (key === undefined) throw new InvariantError('an account without its data key');
  const dataKey = decodeDataKey(await loadKeyring(), sub, key);
  return {
    account: decodeAccount(sub, account, dataKey),
    keyringVersion: Number(key['version']?.N),
  };
}

function keyAt(sub: Sub, sortKey: string): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: sortKey } };
}
