import type { Acting } from '../../core/audit/act.ts';
import type { Asked, ErasureRequests, Undone } from '../../core/ports/erasure-requests.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import { beginErasing, keep } from './account-status.ts';
import { actOf, putAct } from './acts.ts';
import { moveRequest } from './privacy-request-moves.ts';
import {
  type PrivacyRequestStore,
  type PrivacyRequestsDeps,
  releaseRunning,
} from './privacy-requests.ts';
import { transact } from './transactions.ts';

type Deps = PrivacyRequestsDeps & { readonly requests: PrivacyRequestStore };

/** States in which the person can still stay. */
const OPEN = ['grace', 'held'] as const;

export function createErasureRequests(deps: Deps): ErasureRequests {
  const { requests } = deps;
  return {
    async findRunning(sub) {
      const requestId = await requests.findRunning(sub, 'erasure');
      return requestId === undefined ? undefined : requests.find(requestId);
    },
    ask: (wanted) => ask(deps, wanted),
    undo: (requestId, acting) => undo(deps, requestId, acting),
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
  if (request.state === 'undone') return { outcome: 'undone', request, isRepeated: true };
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
  if (failed !== undefined && after.state !== 'undone') return { outcome: 'too-late' };
  return { outcome: 'undone', request: after, isRepeated: failed !== undefined };
}

function isOpen({ state }: PrivacyRequest): boolean {
  return OPEN.some((open) => open === state);
}
