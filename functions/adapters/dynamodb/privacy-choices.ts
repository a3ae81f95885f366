import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import { HttpError, UnavailableError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type { DecideChange, PrivacyChoicesStore } from '../../core/ports/privacy-choices.ts';
import { accountKey, type Item, userPartition } from './account-items.ts';
import { requireActive } from './accounts.ts';
import { getBatch } from './batch-get.ts';
import {
  CONSENT_EVENT_PREFIX,
  consentEventKey,
  decodeChoiceEvent,
  putChoiceEvent,
} from './choice-event-items.ts';
import { homeOf } from './homes.ts';
import { subKey } from './identifier-items.ts';
import {
  decodeChoices,
  planChange,
  privacyKey,
  putChoices,
  type StoredChoices,
} from './privacy-choice-items.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

/** A person has few devices: who loses this often to themselves is no person. */
const ATTEMPTS = 5;
const EVENTS_PER_PAGE = 50;
/** Place of the account's check in the transaction. */
const ACCOUNT_CHECK = 0;

interface PrivacyChoicesDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  /** The directory, where people of other cells may be asked about. */
  readonly homesTable?: string | undefined;
}

/** Consistent reads: what was just withdrawn must count at once. */
export function createPrivacyChoices(deps: PrivacyChoicesDeps): PrivacyChoicesStore {
  return {
    load: (sub) => load(deps, sub),
    check: (sub) => check(deps, sub),
    change: (sub, decide, acting) => change(deps, sub, decide, acting),
    history: (sub, cursor) => history(deps, sub, cursor),

    async findEvent(sub, eventId) {
      const key = consentEventKey(sub, eventId);
      const item = key && (await get(deps, key));
      return item && decodeChoiceEvent(item);
    },
  };
}

async function load(deps: PrivacyChoicesDeps, sub: Sub): Promise<StoredChoices> {
  return decodeChoices(await get(deps, privacyKey(sub)));
}

async function get({ dynamo, dataTable }: PrivacyChoicesDeps, key: Item) {
  const command = new GetItemCommand({ TableName: dataTable, Key: key, ConsistentRead: true });
  return (await sendDynamo(dynamo, command)).Item;
}

async function check({ dynamo, dataTable, homesTable }: PrivacyChoicesDeps, sub: Sub) {
  const found = await getBatch(dynamo, {
    [dataTable]: { Keys: [accountKey(sub), privacyKey(sub)], ConsistentRead: true },
    ...(homesTable !== undefined && { [homesTable]: { Keys: [subKey(sub)] } }),
  });
  const items = found.get(dataTable) ?? [];
  const status = items.find(({ status }) => status !== undefined)?.['status']?.S;
  const home = homesTable === undefined ? undefined : homeOf(found.get(homesTable)?.[0]);
  return {
    choices: decodeChoices(items.find(({ choices }) => choices !== undefined)),
    isActive: status === 'active',
    isKnown: status !== undefined,
    ...(home !== undefined && { home }),
  };
}

async function change(
  deps: PrivacyChoicesDeps,
  sub: Sub,
  decide: DecideChange,
  acting: Acting,
): Promise<StoredChoices | undefined> {
  const { dynamo, dataTable } = deps;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await load(deps, sub);
    const wanted = decide(before);
    if (wanted === undefined) return before;
    const planned = planChange(before, wanted, acting.at);
    const failed = await transact(dynamo, [
      requireActive(dataTable, sub),
      putChoices(dataTable, sub, { before, planned, acting }),
      ...planned.events.map((event) => putChoiceEvent(dataTable, sub, event, acting)),
    ]);
    if (failed === undefined) return planned.after;
    if (failed === ACCOUNT_CHECK) return undefined;
  }
  throw new UnavailableError('DynamoDB', new Error('choices that change all the time'));
}

async function history(
  { dynamo, dataTable }: PrivacyChoicesDeps,
  sub: Sub,
  cursor: string | undefined,
) {
  const start = cursor === undefined ? undefined : consentEventKey(sub, cursor);
  if (cursor !== undefined && start === undefined) throw new HttpError(400, 'no such cursor');
  const page = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: dataTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :events)',
      ExpressionAttributeValues: {
        ':pk': { S: userPartition(sub) },
        ':events': { S: CONSENT_EVENT_PREFIX },
      },
      ScanIndexForward: false,
      Limit: EVENTS_PER_PAGE,
      ...(start !== undefined && { ExclusiveStartKey: start }),
    }),
  );
  const entries = (page.Items ?? []).map(decodeChoiceEvent);
  const last = page.LastEvaluatedKey === undefined ? undefined : entries.at(-1)?.eventId;
  return { entries, ...(last !== undefined && { cursor: last }) };
}
