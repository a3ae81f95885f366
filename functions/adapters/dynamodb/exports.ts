import {
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { InvariantError } from '../../core/errors.ts';
import { BEGINNING, type ExportProgress } from '../../core/exports/progress.ts';
import type { Sub } from '../../core/ids.ts';
import type { ExportRuns, RunningExport } from '../../core/ports/exports.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import { accountKey, type Item } from './account-items.ts';
import { putAct } from './acts.ts';
import { decodeRequest } from './privacy-request-items.ts';
import { type Move, noteOnRequest } from './privacy-request-moves.ts';
import { type PrivacyRequestStore, readRequest, releaseRunning } from './privacy-requests.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

interface ExportRunsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly recordsTable: string;
  readonly requests: Pick<PrivacyRequestStore, 'move' | 'release'>;
}

/** The attribute of the request's item that says how far an export has come. */
const PROGRESS = 'progress';

export function createExportRuns(deps: ExportRunsDeps): ExportRuns {
  const { dynamo, dataTable, recordsTable, requests } = deps;
  const find = (requestId: PrivacyRequestId) => findExport(dynamo, recordsTable, requestId);
  return {
    find,

    async load(requestId) {
      const run = await find(requestId);
      if (run === undefined) throw new InvariantError('there is no such export');
      return run;
    },

    async isThere({ sub }) {
      const { Item: item } = await sendDynamo(
        dynamo,
        new GetItemCommand({ TableName: dataTable, Key: accountKey(sub), ConsistentRead: true }),
      );
      return item !== undefined && item['status']?.S !== 'closed';
    },

    note: (requestId, progress) =>
      noteOnRequest({ dynamo, recordsTable }, requestId, {
        set: { [PROGRESS]: encodeProgress(progress) },
      }),

    async recordAct(act) {
      await transact(dynamo, [requireSomebody(dataTable, act.sub), putAct(dataTable, act)]);
    },

    becomeReady: (request, until, act) =>
      requests.move(
        request.requestId,
        {
          from: ['collecting'],
          to: 'ready',
          now: act.at,
          set: { availableUntil: { N: String(until) } },
        },
        [
          requireSomebody(dataTable, request.sub),
          releaseRunning(dataTable, request),
          putAct(dataTable, { ...act, sub: request.sub }),
        ],
      ),

    async expire(request, act) {
      // What an earlier state has noted too late: where it had come to is nobody's business any more.
      if (request.state === 'expired') {
        return noteOnRequest({ dynamo, recordsTable }, request.requestId, { remove: [PROGRESS] });
      }
      const move: Move = {
        ...{ from: ['collecting', 'ready'], to: 'expired', now: act.at },
        remove: [PROGRESS],
      };
      const told = [
        requireSomebody(dataTable, request.sub),
        putAct(dataTable, { ...act, sub: request.sub }),
      ];
      const isTold = await requests.move(request.requestId, move, told);
      // Of somebody who is gone nothing is written any more, not even that.
      if (!isTold) await requests.move(request.requestId, move);
      await requests.release(request);
    },
  };
}

/** One read of the records table, also for who asks how far it is. */
export async function findExport(
  dynamo: DynamoDBClient,
  recordsTable: string,
  requestId: PrivacyRequestId,
): Promise<RunningExport | undefined> {
  const item = await readRequest(dynamo, recordsTable, requestId);
  return item && { request: decodeRequest(item), progress: decodeProgress(item) };
}

function encodeProgress(progress: ExportProgress) {
  return { M: marshall(progress, { removeUndefinedValues: true }) };
}

function decodeProgress(item: Item): ExportProgress {
  const stored = item[PROGRESS]?.M;
  return stored === undefined ? BEGINNING : (unmarshall(stored) as ExportProgress);
}

/** Holds a transaction to an account that is not being erased beyond return. */
export function requireSomebody(dataTable: string, sub: Sub): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: dataTable,
      Key: accountKey(sub),
      ConditionExpression: 'attribute_exists(pk) AND #status <> :closed',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':closed': { S: 'closed' } },
    },
  };
}
