import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type {
  Created,
  NewPrivacyRequest,
  PrivacyRequest,
  PrivacyRequestId,
  PrivacyRequestKind,
  PrivacyRequests,
} from '../../core/ports/privacy-requests.ts';
import type { Item } from './account-items.ts';
import { actAttribute } from './acts.ts';
import {
  beginRequest,
  decodeRequest,
  encodeRequest,
  requestKey,
  requestListItems,
  runningRequestKey,
} from './privacy-request-items.ts';
import { listOf, loadListed } from './privacy-request-listing.ts';
import { type Move, moveRequest } from './privacy-request-moves.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

/** Looked at to find the newest of each kind: exports are few a day, erasures one at a time. */
const MAX_LISTED = 50;

export interface PrivacyRequestsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly recordsTable: string;
}

/** What workflows and those who ask build on; what each kind needs beside it rides along. */
export interface PrivacyRequestStore extends PrivacyRequests {
  /** Consistent; throws InvariantError when there is none. */
  load(requestId: PrivacyRequestId): Promise<PrivacyRequest>;
  /**
   * One transaction: the request, the items it is found by, the pointer of the one under way, which
   * carries the act, and first of all `account`, whose failed condition is `refused`.
   */
  create(wanted: NewPrivacyRequest, account: TransactWriteItem, act: Act): Promise<Created>;
  /**
   * True when the request is in `to` now, also when it was before: a repeated state of a workflow
   * goes on. False when it is in none of `from`. `along` is written with it, or nothing is.
   */
  move(
    requestId: PrivacyRequestId,
    move: Move,
    along?: ReadonlyArray<TransactWriteItem>,
  ): Promise<boolean>;
  /** Of the person's collection: which request of the kind is under way. */
  findRunning(sub: Sub, kind: PrivacyRequestKind): Promise<PrivacyRequestId | undefined>;
  /** That this request is no longer under way. Idempotent, and a successor's pointer stays. */
  release(request: Pick<PrivacyRequest, 'requestId' | 'sub' | 'kind'>): Promise<void>;
  /** Every request of a person, newest first, by pages. */
  history(
    sub: Sub,
    cursor?: Item,
  ): Promise<{ readonly requests: ReadonlyArray<PrivacyRequest>; readonly cursor?: Item }>;
}

/** The item itself, with what its workflow has noted beside it. */
export async function readRequest(
  dynamo: DynamoDBClient,
  recordsTable: string,
  requestId: PrivacyRequestId,
): Promise<Item | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({
      TableName: recordsTable,
      Key: requestKey(requestId),
      ConsistentRead: true,
    }),
  );
  return item;
}

export function createPrivacyRequests(deps: PrivacyRequestsDeps): PrivacyRequestStore {
  const { dynamo, recordsTable } = deps;

  async function find(requestId: PrivacyRequestId): Promise<PrivacyRequest | undefined> {
    const item = await readRequest(dynamo, recordsTable, requestId);
    return item && decodeRequest(item);
  }

  async function load(requestId: PrivacyRequestId): Promise<PrivacyRequest> {
    const request = await find(requestId);
    if (request === undefined) throw new InvariantError('there is no such privacy request');
    return request;
  }

  return {
    find,
    load,
    create: (wanted, account, act) => create(deps, wanted, account, act),
    findRunning: (sub, kind) => findRunning(deps, sub, kind),
    release: async (request) => {
      await transact(dynamo, [releaseRunning(deps.dataTable, request)]);
    },

    async ofPerson(sub) {
      const { listed } = await listOf(deps, sub, MAX_LISTED);
      const newest = [...new Map([...listed].reverse().map((one) => [one.kind, one])).values()];
      return loadListed(deps, newest);
    },

    async history(sub, cursor) {
      const page = await listOf(deps, sub, MAX_LISTED, cursor);
      const requests = await loadListed(deps, page.listed);
      return { requests, ...(page.cursor !== undefined && { cursor: page.cursor }) };
    },

    async move(requestId, move, along = []) {
      const update = moveRequest(recordsTable, requestId, move);
      const failed = await transact(dynamo, [{ Update: update }, ...along]);
      if (failed === undefined) return true;
      return (await load(requestId)).state === move.to;
    },
  };
}

async function create(
  deps: PrivacyRequestsDeps,
  wanted: NewPrivacyRequest,
  account: TransactWriteItem,
  act: Act,
): Promise<Created> {
  const { dataTable, recordsTable } = deps;
  const request = beginRequest(wanted);
  const { sub, kind, requestId } = request;
  const pointer: Item = {
    ...runningRequestKey(sub, kind),
    v: { N: '1' },
    requestId: { S: requestId },
    act: actAttribute(act),
  };
  const failed = await transact(deps.dynamo, [
    account,
    putNew(dataTable, pointer),
    putNew(recordsTable, encodeRequest(request)),
    ...requestListItems(request).map((item) => putNew(recordsTable, item)),
  ]);
  if (failed === undefined) return { outcome: 'created', request };
  const running = await findRunning(deps, sub, kind);
  // An attempt whose answer was lost is the running one, and no failure.
  if (running === requestId) return { outcome: 'created', request };
  return running === undefined
    ? { outcome: 'refused' }
    : { outcome: 'running', requestId: running };
}

function putNew(table: string, item: Item): TransactWriteItem {
  return {
    Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

async function findRunning(
  { dynamo, dataTable }: PrivacyRequestsDeps,
  sub: Sub,
  kind: PrivacyRequestKind,
): Promise<PrivacyRequestId | undefined> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({
      TableName: dataTable,
      Key: runningRequestKey(sub, kind),
      ConsistentRead: true,
    }),
  );
  return item?.['requestId']?.S as PrivacyRequestId | undefined;
}

/** Fails when another request is under way by now, or none. */
export function releaseRunning(
  dataTable: string,
  { requestId, sub, kind }: Pick<PrivacyRequest, 'requestId' | 'sub' | 'kind'>,
): TransactWriteItem {
  return {
    Delete: {
      TableName: dataTable,
      Key: runningRequestKey(sub, kind),
      ConditionExpression: 'requestId = :request',
      ExpressionAttributeValues: { ':request': { S: requestId } },
    },
  };
}
