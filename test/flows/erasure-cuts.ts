import { randomUUID } from 'node:crypto';
import type { Fault } from '../../local/types.ts';
import type { TestCloud } from '../harness/cloud.ts';

const FUNCTION = 'domicile-erasure';

/** Where every state of a request is cut off, and how: one after the other, at the same call. */
export interface Plan {
  /** Of the function in the state, from 1. */
  readonly call: number;
  readonly kinds: ReadonlyArray<Fault['kind']>;
}

/** Whose invocation makes a call, and in which step: told by what the workflow sends. */
function watchInvocations(cloud: TestCloud) {
  const pools = [...cloud.cloud.infrastructure.functions.pools.values()];
  const pool = pools.find(({ definition }) => definition.name === FUNCTION);
  if (pool === undefined) throw new Error('there is no such function');
  const visits = new Map<string, { readonly step: string; readonly requestId: string }>();
  const invoke = pool.invoke.bind(pool);
  pool.invoke = (payload, requestId = randomUUID(), parent) => {
    visits.set(requestId, JSON.parse(payload));
    return invoke(payload, requestId, parent);
  };
  return visits;
}

/** Cuts every state of each request off as is planned for it. Counts the calls of each step. */
export function cutOff(cloud: TestCloud, plans: ReadonlyMap<string, Plan>) {
  const visits = watchInvocations(cloud);
  const calls = new Map<string, number>();
  const most = new Map<string, number>();
  /** `<request> <step>` → how it was cut off so far. */
  const cuts = new Map<string, ReadonlyArray<Fault['kind']>>();
  const { faults } = cloud.cloud;
  const { take } = faults;
  faults.take = (request, resources) => {
    const invocation = request.callerRequestId ?? '';
    const visit = visits.get(invocation);
    if (visit === undefined) return take(request, resources);
    const state = `${visit.requestId} ${visit.step}`;
    const count = (calls.get(invocation) ?? 0) + 1;
    calls.set(invocation, count);
    most.set(state, Math.max(count, most.get(state) ?? 0));
    const plan = plans.get(visit.requestId);
    const before = cuts.get(state) ?? [];
    const kind = plan?.kinds[before.length];
    if (plan?.call !== count || kind === undefined) return take(request, resources);
    cuts.set(state, [...before, kind]);
    return { service: '*', operation: '*', kind, times: 1 };
  };
  return {
    callsOf: (requestId: string, step: string) => most.get(`${requestId} ${step}`) ?? 0,
    cutsOf: (requestId: string, step: string) => cuts.get(`${requestId} ${step}`) ?? [],
    stop: () => {
      faults.take = take;
    },
  };
}
