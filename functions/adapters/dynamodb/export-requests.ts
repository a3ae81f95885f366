import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import type { AskedExport, ExportRequests } from '../../core/ports/export-requests.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import { type EpochSeconds, toEpochSeconds, toIsoTime } from '../../core/time.ts';
import { requireActive } from './accounts.ts';
import { actOf, putAct } from './acts.ts';
import { findExport, requireSomebody } from './exports.ts';
import { decodeListed, requestsOfPartition } from './privacy-request-items.ts';
import type { PrivacyRequestStore } from './privacy-requests.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

interface ExportRequestsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly recordsTable: string;
  readonly requests: PrivacyRequestStore;
}

export function createExportRequests(deps: ExportRequestsDeps): ExportRequests {
  const { dynamo, dataTable, recordsTable, requests } = deps;
  const find = (requestId: PrivacyRequestId) => findExport(dynamo, recordsTable, requestId);
  return {
    find,

    async findRunning(sub) {
      const requestId = await requests.findRunning(sub, 'export');
      return requestId === undefined ? undefined : find(requestId);
    },

    async findNewest(sub) {
      const newest = await requests.ofPerson(sub);
      const request = newest.find(({ kind }) => kind === 'export');
      return request === undefined ? undefined : find(request.requestId);
    },

    listBegun: (sub, since) => listBegun(deps, sub, since),

    ask: (wanted) => ask(deps, wanted),

    async noteDownload(act) {
      const failed = await transact(dynamo, [
        requireSomebody(dataTable, act.sub),
        putAct(dataTable, act),
      ]);
      return failed === undefined;
    },
  };
}

async function ask(
  { dataTable, requests }: ExportRequestsDeps,
  { requestId, sub, withCredentials, acting }: Parameters<ExportRequests['ask']>[0],
): Promise<AskedExport> {
  const { actor, reason, at: requestedAt } = acting;
  const created = await requests.create(
    {
      ...{ requestId, kind: 'export', sub, state: 'collecting', requestedAt, actor },
      ...(withCredentials && { withCredentials }),
      ...(reason !== undefined && { reason }),
    },
    requireActive(dataTable, sub),
    actOf(acting, { kind: 'export.requested', sub, object: requestId }),
  );
  if (created.outcome === 'created') return { outcome: 'asked', request: created.request };
  if (created.outcome === 'refused') return created;
  return { outcome: 'running', request: await requests.load(created.requestId) };
}

/** The list sorts by time: one query, and no request is read. */
async function listBegun(
  { dynamo, recordsTable }: ExportRequestsDeps,
  sub: Sub,
  since: EpochSeconds,
): Promise<ReadonlyArray<EpochSeconds>> {
  const { Items: items = [] } = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: recordsTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk > :since',
      ExpressionAttributeValues: {
        ':pk': { S: requestsOfPartition(sub) },
        ':since': { S: toIsoTime(since) },
      },
    }),
  );
  return items
    .filter((item) => decodeListed(item).kind === 'export')
    .map((item) => toEpochSeconds(Date.parse((item['sk']?.S ?? '').split('#')[0] ?? '')));
}
