/** Cuts off a workflow's function at any of its AWS calls, in every step it does. */
import { randomUUID } from 'node:crypto';
import type { Fault, Stack } from '../../local/types.ts';
import type { TestCloud } from '../harness/cloud.ts';

/** Once in every step that makes so many calls. */
export interface Cut {
  /** Which of the calls that the function makes in the step, from 1. */
  readonly call: number;
  readonly kind: Fault['kind'];
}

/**
 * Before the first call and after every one: to be cut off before a call is to be cut off after the
 * one before it, since nothing outside the function changes in between.
 */
export function cutsOf(mostCalls: number): ReadonlyArray<Cut> {
  const afterEach = Array.from(
    { length: mostCalls },
    (_, index): Cut => ({ call: index + 1, kind: 'crash-after' }),
  );
  return [{ call: 1, kind: 'crash-before' }, ...afterEach];
}

/** So that one crash fails the execution, and not the eleventh: for `transformTemplate`. */
export function withoutRetries(stack: Stack): Stack {
  const text = JSON.stringify(stack.template).replace(/\\"Retry\\":\[\{.*?\}\],/g, '');
  return { ...stack, template: JSON.parse(text) };
}

interface CutOff {
  readonly functionName: string;
  /** By what the workflow is about. */
  readonly plans: ReadonlyMap<string, Cut>;
  /** What it is about, as what it sends tells: a request, unless said otherwise. */
  readonly subjectOf?: (input: Readonly<Record<string, unknown>>) => string;
}

/** Cuts each subject off as is planned for it, once per step; counts the calls of its steps. */
export function cutOff(
  cloud: TestCloud,
  { functionName, plans, subjectOf = ({ requestId }) => String(requestId) }: CutOff,
) {
  const visits = watchInvocations(cloud, functionName);
  const counts = new Map<string, number>();
  const done = new Set<string>();
  const { faults } = cloud.cloud;
  const { take } = faults;
  faults.take = (request, resources) => {
    const visit = visits.get(request.callerRequestId ?? '');
    if (visit === undefined) return take(request, resources);
    const subject = subjectOf(visit);
    const place = `${subject} ${visit['step']}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    const plan = plans.get(subject);
    if (plan?.call !== count || done.has(place)) return take(request, resources);
    done.add(place);
    return { service: '*', operation: '*', kind: plan.kind, times: 1 };
  };
  return {
    /** `<subject> <step>` of each cut that was made. */
    done,
    callsOf: (subject: string, step: string) => counts.get(`${subject} ${step}`) ?? 0,
    stop: () => {
      faults.take = take;
    },
  };
}

/** Whose invocation makes a call, and in which step: told by what the workflow sends. */
function watchInvocations(cloud: TestCloud, functionName: string) {
  const pools = [...cloud.cloud.infrastructure.functions.pools.values()];
  const pool = pools.find(({ definition }) => definition.name === functionName);
  if (pool === undefined) throw new Error('there is no such function');
  const visits = new Map<string, Readonly<Record<string, unknown>>>();
  const invoke = pool.invoke.bind(pool);
  pool.invoke = (payload, requestId = randomUUID(), parent) => {
    visits.set(requestId, JSON.parse(payload));
    return invoke(payload, requestId, parent);
  };
  return visits;
}

/** As many at once as the local cloud has containers for. */
export async function someAtATime<Given, Made>(
  given: ReadonlyArray<Given>,
  make: (one: Given) => Promise<Made>,
): Promise<ReadonlyArray<Made>> {
  const made: Array<Made> = [];
  for (let start = 0; start < given.length; start += 8) {
    made.push(...(await Promise.all(given.slice(start, start + 8).map(make))));
  }
  return made;
}
