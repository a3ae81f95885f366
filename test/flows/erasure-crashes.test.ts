/** Erasures that are cut off at any call of any state, and redriven (ADR 0022). */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERASURE_STEPS } from '../../functions/core/erasure/steps.ts';

import type { Fault, Stack } from '../../local/types.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createErasures, type Erasures, newRequestId } from './erasures.ts';
import { createPlanting, type Planted } from './planted-people.ts';

const FUNCTION = 'domicile-erasure';

let cloud: TestCloud;
let erasures: Erasures;

beforeAll(async () => {
  cloud = await startTestCloud({
    parameters: { PrivacyRequestConcurrency: '1000' },
    transformTemplate: withoutRetries,
  });
  erasures = createErasures(cloud);
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

/** So that one crash fails the execution, and not the eleventh. */
function withoutRetries(stack: Stack): Stack {
  const text = JSON.stringify(stack.template).replace(/\\"Retry\\":\[\{.*?\}\],/g, '');
  return { ...stack, template: JSON.parse(text) };
}

/** Cut off once in every state that makes so many calls. */
interface Cut {
  /** Which of the calls that the function makes in the state, from 1. */
  readonly call: number;
  readonly kind: Fault['kind'];
}

/** Whose invocation makes a call, and in which step: told by what the workflow sends. */
function watchInvocations() {
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

/** Cuts each request off as is planned for it, once per step; counts the calls of its steps. */
function cutOff(plans: ReadonlyMap<string, Cut>) {
  const visits = watchInvocations();
  const counts = new Map<string, number>();
  const done = new Set<string>();
  const { faults } = cloud.cloud;
  const { take } = faults;
  faults.take = (request, resources) => {
    const visit = visits.get(request.callerRequestId ?? '');
    if (visit === undefined) return take(request, resources);
    const { step, requestId } = visit;
    const count = (counts.get(`${requestId} ${step}`) ?? 0) + 1;
    counts.set(`${requestId} ${step}`, count);
    const plan = plans.get(requestId);
    if (plan?.call !== count || done.has(`${requestId} ${step}`)) return take(request, resources);
    done.add(`${requestId} ${step}`);
    return { service: '*', operation: '*', kind: plan.kind, times: 1 };
  };
  return {
    done,
    callsOf: (requestId: string, step: string) => counts.get(`${requestId} ${step}`) ?? 0,
    stop: () => {
      faults.take = take;
    },
  };
}

/** Everybody's workflow, from wait to wait; what failed on the way is redriven there. */
async function finishAll(requestIds: ReadonlyArray<string>): Promise<void> {
  await cloud.advance(1);
  for (let moves = 0; moves < 60; moves += 1) {
    await erasures.acknowledgeAll();
    const runs = requestIds.map((requestId) => erasures.view(requestId));
    const failed = runs.filter(({ status }) => status === 'FAILED');
    if (failed.length > 0) {
      await Promise.all(failed.map(({ arn }) => cloud.redrive(arn)));
      await cloud.advance(1);
      continue;
    }
    const waits = runs.flatMap(({ waitsUntil }) => (waitsUntil === undefined ? [] : [waitsUntil]));
    if (waits.length === 0) return;
    const latest = Math.max(...waits.map((until) => Date.parse(until)));
    await cloud.advance(Math.max(1, Math.ceil((latest - cloud.cloud.clock.nowMs()) / 1000)));
  }
}

/** Some at a time, as many as the local cloud has containers for. */
async function eight<Given, Made>(
  given: ReadonlyArray<Given>,
  make: (one: Given) => Promise<Made>,
): Promise<ReadonlyArray<Made>> {
  const made: Array<Made> = [];
  for (let start = 0; start < given.length; start += 8) {
    made.push(...(await Promise.all(given.slice(start, start + 8).map(make))));
  }
  return made;
}

/** How many calls each step of an erasure makes that nothing disturbs, in a container that is warm. */
async function countCalls(sub: string): Promise<ReadonlyMap<string, number>> {
  const watched = cutOff(new Map());
  const requestId = await erasures.begin(sub);
  await finishAll([requestId]);
  watched.stop();
  return new Map(ERASURE_STEPS.map((step) => [step, watched.callsOf(requestId, step)]));
}

const KINDS = ['crash-before', 'crash-after'] as const;

test('an erasure that crashes before or after any AWS call of any state ends as if nothing had been', async () => {
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  const bystander = await plant();
  const before = await allOf([bystander]);
  const calls = await countCalls((await plant()).sub);
  const uncut = [...calls].filter(([, count]) => count === 0).map(([step]) => step);
  // One reads the policy beside it, the other comes after a year.
  expect(uncut).toEqual(['list-processors', 'continue']);

  const most = Math.max(...calls.values());
  const cuts = Array.from({ length: most }, (_, index) =>
    KINDS.map((kind): Cut => ({ call: index + 1, kind })),
  ).flat();
  const people = await eight(cuts, async (cut) => {
    const person = await plant();
    return { ...person, cut, requestId: newRequestId() };
  });
  const watched = cutOff(new Map(people.map(({ requestId, cut }) => [requestId, cut])));
  await eight(people, ({ sub, requestId }) => erasures.begin(sub, requestId));
  await finishAll(people.map(({ requestId }) => requestId));
  watched.stop();

  const wanted = [...calls.values()].reduce((sum, count) => sum + count, 0) * KINDS.length;
  expect(watched.done.size).toBeGreaterThanOrEqual(wanted);
  const records = await cloud.items('records');
  const [first] = people;
  for (const { requestId, sub, cut } of people) {
    const { status, states } = erasures.view(requestId);
    expect({ cut, status, last: states.at(-1)?.name }).toEqual({
      ...{ cut, status: 'SUCCEEDED', last: 'Erased' },
    });
    const { state, facts } = await erasures.requests.load(requestId);
    const undisturbed = await erasures.requests.load(first?.requestId ?? requestId);
    expect({ cut, state }).toEqual({ cut, state: 'completed' });
    expect(Object.keys(facts ?? {}).sort()).toEqual(Object.keys(undisturbed.facts ?? {}).sort());
    expect(facts?.deletedItems).toEqual(undisturbed.facts?.deletedItems);
    const ledger = records.filter((item) => String(item['pk']).startsWith('LEDGER#'));
    expect(ledger.filter((item) => item['sub'] === sub)).toHaveLength(1);
  }
  await expectNothingOf(people);
  expect(await allOf([bystander])).toEqual(before);
});

/** Nowhere a trace, but the ids that prove it. */
async function expectNothingOf(people: ReadonlyArray<Planted>): Promise<void> {
  const elsewhere = await Promise.all(
    (['data', 'keys', 'directory'] as const).map((table) => cloud.items(table)),
  );
  const acts = /^ACT#/;
  const left = elsewhere.flat().filter(({ pk }) => !acts.test(String(pk)));
  const text = JSON.stringify(left);
  const records = JSON.stringify(await cloud.items('records'));
  for (const { sub, email, identifier } of people) {
    expect(text.includes(sub) || text.includes(email) || text.includes(identifier)).toBe(false);
    expect(records.includes(email) || records.includes(identifier)).toBe(false);
  }
}

/** Everything that names one of them, byte for byte. */
async function allOf(people: ReadonlyArray<Planted>): Promise<ReadonlyArray<StoredItem>> {
  const tables = ['data', 'keys', 'directory', 'records'] as const;
  const all = (await Promise.all(tables.map((table) => cloud.items(table)))).flat();
  const traces = people.flatMap((person) => person.traces);
  return all.filter((item) => traces.some((trace) => JSON.stringify(item).includes(trace)));
}
