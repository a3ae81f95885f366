import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type {
  Asked,
  Committed,
  ErasureRequests,
  LastOwner,
  Undone,
} from '../../core/ports/erasure-requests.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import { beginErasing, close, keep } from './account-status.ts';
import { actOf, putAct } from './acts.ts';
import {
  deleteLastKey,
  type LastOwnerDeps,
  openLastOwner,
  sealLastOwner,
} from './last-owner-items.ts';
import { requestKey } from './privacy-request-items.ts';
import { moveRequest, noteOnRequest } from './privacy-request-moves.ts';
import {
  type PrivacyRequestStore,
  type PrivacyRequestsDeps,
  releaseRunning,
} from './privacy-requests.ts';
import { sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

type Deps = PrivacyRequestsDeps & LastOwnerDeps & { readonly requests: PrivacyRequestStore };

/** States in which the person can still stay. */
const OPEN = ['grace', 'held'] as const;

export function createErasureRequests(deps: Deps): ErasureRequests {
  const { dynamo, recordsTable, requests } = deps;

  async function readRequest(requestId: PrivacyRequestId, attribute: string) {
    const command = new GetItemCommand({
      TableName: recordsTable,
      Key: requestKey(requestId),
      ConsistentRead: true,
      ProjectionExpression: `${attribute}, #sub`,
      ExpressionAttributeNames: { '#sub': 'sub' },
    });
    return (await sendDynamo(dynamo, command)).Item;
  }

  return {
    ask: (wanted) => ask(deps, wanted),
    undo: (requestId, acting) => undo(deps, requestId, acting),
    commit: (requestId, last, acting) => commit(deps, requestId, last, acting),

    async findLastOwner(requestId) {
      const item = await readRequest(requestId, 'lastOwner');
      const sealed = item?.['lastOwner']?.B;
      if (sealed === undefined) return undefined;
      const { sub } = await requests.load(requestId);
      return openLastOwner(deps, { requestId, sub }, sealed);
    },

    async findIdentifiers(requestId) {
      const item = await readRequest(requestId, 'identifiers');
      return (item?.['identifiers']?.L ?? []).flatMap(({ S: hash }) => hash ?? []);
    },

    async forgetLastOwner(requestId, now) {
      await deleteLastKey(deps, requestId);
      await noteOnRequest(deps, requestId, {
        set: { 'facts.notifiedAt': { N: String(now) } },
        remove: ['lastOwner'],
      });
    },
  };
}

async function ask(
  { dataTable, requests }: Deps,
  { requestId, sub, erasesAt, acting }: Parameters<ErasureRequests['ask']>[0],
): Promise<Asked> {
  const { actor, reason, at: now } = acting;
  const what = { sub, object: requestId };
  const account = beginErasing(
    dataTable,
    { sub, requestId, now, act: actOf(acting, { kind: 'account.erasing', ...what }) },
    erasesAt,
  );
  const created = await requests.create(
    {
      ...{ requestId, kind: 'erasure', sub, state: 'grace', requestedAt: now, actor, erasesAt },
      ...(reason !== undefined && { reason }),
    },
    account,
    actOf(acting, { kind: 'erasure.requested', ...what }),
  );
  if (created.outcome === 'created') return { outcome: 'asked', request: created.request };
  if (created.outcome === 'refused') return created;
  return { outcome: 'running', request: await requests.load(created.requestId) };
}

async function undo(deps: Deps, requestId: PrivacyRequestId, acting: Acting): Promise<Undone> {
  const { dataTable, recordsTable, requests } = deps;
  const request = await requests.find(requestId);
  if (request?.kind !== 'erasure') return { outcome: 'unknown' };
  if (request.state === 'undone') return { outcome: 'undone', request };
  if (!isOpen(request)) return { outcome: 'too-late' };
  const { sub } = request;
  const now = acting.at;
  const what = { sub, object: requestId };
  const act = actOf(acting, { kind: 'account.kept', ...what });
  const failed = await transact(deps.dynamo, [
    keep(dataTable, { sub, requestId, now, act }),
    { Update: moveRequest(recordsTable, requestId, { from: OPEN, to: 'undone', now }) },
    releaseRunning(dataTable, request),
    putAct(dataTable, { ...actOf(acting, { kind: 'erasure.undone', ...what }), sub }),
  ]);
  const after = await requests.load(requestId);
  if (failed === undefined || after.state === 'undone')
    return { outcome: 'undone', request: after };
  return { outcome: 'too-late' };
}

async function commit(
  deps: Deps,
  requestId: PrivacyRequestId,
  last: Parameters<ErasureRequests['commit']>[1],
  acting: Acting,
): Promise<Committed> {
  const { requests } = deps;
  const request = await requests.load(requestId);
  const before = outcomeOf(request);
  if (before !== undefined) return before;
  if (await tryToClose(deps, request, last, acting)) return 'committed';
  const after = outcomeOf(await requests.load(requestId));
  if (after === 'undone') await deleteLastKey(deps, requestId);
  if (after !== undefined) return after;
  await requests.move(requestId, { from: ['grace'], to: 'held', now: acting.at });
  return outcomeOf(await requests.load(requestId)) ?? 'held';
}

async function tryToClose(
  deps: Deps,
  { requestId, sub }: PrivacyRequest,
  { identifiers, owner }: Parameters<ErasureRequests['commit']>[1],
  acting: Acting,
): Promise<boolean> {
  const { dataTable, recordsTable } = deps;
  const now = acting.at;
  const what = { sub, object: requestId };
  const set: Record<string, AttributeValue> = {
    'facts.committedAt': { N: String(now) },
    identifiers: { L: identifiers.map((hash) => ({ S: hash })) },
    ...(owner !== undefined && { lastOwner: { B: await seal(deps, requestId, sub, owner) } }),
  };
  const act = actOf(acting, { kind: 'account.closed', ...what });
  const failed = await transact(deps.dynamo, [
    close(dataTable, { sub, requestId, now, act }),
    { Update: moveRequest(recordsTable, requestId, { from: OPEN, to: 'erasing', now, set }) },
    putAct(dataTable, { ...actOf(acting, { kind: 'erasure.begun', ...what }), sub }),
  ]);
  return failed === undefined;
}

function seal(
  deps: Deps,
  requestId: PrivacyRequestId,
  sub: PrivacyRequest['sub'],
  { email, locale }: LastOwner,
): Promise<Uint8Array> {
  return sealLastOwner(deps, { requestId, sub }, { email, locale });
}

/** Undefined while it is open. */
function outcomeOf(request: PrivacyRequest): 'committed' | 'undone' | undefined {
  if (request.state === 'undone') return 'undone';
  return isOpen(request) ? undefined : 'committed';
}

function isOpen({ state }: PrivacyRequest): boolean {
  return OPEN.some((open) => open === state);
}
