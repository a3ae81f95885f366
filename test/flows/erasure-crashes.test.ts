/** Erasures that are cut off at any call of any state, and redriven (ADR 0022). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERASURE_STEPS } from '../../functions/core/erasure/steps.ts';
import type { PrivacyRequestId } from '../../functions/core/ports/privacy-requests.ts';
import type { ErasureFacts } from '../../functions/core/privacy-requests/erasure-facts.ts';

import type { Fault, Stack } from '../../local/types.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { cutOff, type Plan } from './erasure-cuts.ts';
import { createErasures, type Erasures, newRequestId } from './erasures.ts';
import { createPlanting, type Planted } from './planted-people.ts';

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

interface Victim extends Planted {
  readonly plan: Plan;
  readonly requestId: PrivacyRequestId;
}

/** Everybody's workflow, from wait to wait; what failed on the way is redriven there. */
async function finishAll(requestIds: ReadonlyArray<string>): Promise<void> {
  await cloud.advance(1);
  for (let moves = 0; moves < 60; moves += 1) {
    await erasures.acknowledgeAll();
    const runs = requestIds.map((requestId) => erasures.view(requestId));
    const failed = runs.filter(({ status }) => status === 'FAILED');
    if (failed.length > 0) {
      await expectLedgerFirst(requestIds);
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

test('an erasure that crashes before or after any AWS call of any state ends as if nothing had been', async () => {
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  const bystander = await plant();
  const before = await allOf([bystander]);
  // One that opens the keyrings, which a container does once; what all others do is counted.
  await finishAll([await erasures.begin((await plant()).sub)]);
  const counted = cutOff(cloud, new Map());
  const undisturbed = await erasures.begin((await plant()).sub);
  await finishAll([undisturbed]);
  counted.stop();
  const calls = ERASURE_STEPS.map((step) => [step, counted.callsOf(undisturbed, step)] as const);
  // One reads the policy beside it, the other comes after a year.
  const without = calls.filter(([, count]) => count === 0).map(([step]) => step);
  expect(without).toEqual(['list-processors', 'continue']);

  const cut = new Set<string>();
  const missing = () =>
    calls.flatMap(([step, count]) =>
      Array.from({ length: count }, (_, index) => index + 1).flatMap((call) =>
        BOTH.filter((kind) => !cut.has(`${step} ${call} ${kind}`)).map((kind) => ({ call, kind })),
      ),
    );
  const people: Array<Victim> = [];
  // After a crash a state may have less to do: what that leaves out is cut off first in its turn.
  for (const kinds of [BOTH, ['crash-after'], ['crash-before']] as const) {
    const wanted = missing().filter(({ kind }) => kinds.some((one) => one === kind));
    const victims = await eight([...new Set(wanted.map(({ call }) => call))], async (call) => ({
      ...{ ...(await plant()), plan: { call, kinds }, requestId: newRequestId() },
    }));
    await eraseCutOff(victims, (step, { call }, kind) => cut.add(`${step} ${call} ${kind}`));
    people.push(...victims);
  }
  expect(missing()).toEqual([]);
  const { facts } = await erasures.requests.load(undisturbed);
  for (const victim of people) await expectErased(victim, facts ?? {});
  const records = await cloud.items('records');
  const certificates = records.filter(({ pk }) => String(pk).startsWith('CERTIFICATE#'));
  expect(certificates).toHaveLength(people.length + 2);
  expectOneMailEach(people);
  await expectNothingOf(people);
  expect(await allOf([bystander])).toEqual(before);
}, 300_000);

const BOTH = ['crash-before', 'crash-after'] as const;

/** Erases everybody as planned, and tells which cuts were made. */
async function eraseCutOff(
  victims: ReadonlyArray<Victim>,
  tell: (step: string, plan: Plan, kind: Fault['kind']) => void,
): Promise<void> {
  const watched = cutOff(cloud, new Map(victims.map(({ requestId, plan }) => [requestId, plan])));
  await eight(victims, ({ sub, requestId }) => erasures.begin(sub, requestId));
  await finishAll(victims.map(({ requestId }) => requestId));
  watched.stop();
  for (const { requestId, plan } of victims) {
    for (const step of ERASURE_STEPS) {
      for (const kind of watched.cutsOf(requestId, step)) tell(step, plan, kind);
    }
  }
}

/** As an erasure that nothing disturbed: the same states, facts and counts. */
async function expectErased(
  { sub, plan, requestId }: Victim,
  undisturbed: ErasureFacts,
): Promise<void> {
  const { status, states } = erasures.view(requestId);
  const { state, facts } = await erasures.requests.load(requestId);
  const names = Object.keys(facts ?? {}).toSorted();
  expect({ plan, status, last: states.at(-1)?.name, state, names }).toEqual({
    ...{ plan, status: 'SUCCEEDED', last: 'Erased', state: 'completed' },
    names: Object.keys(undisturbed).toSorted(),
  });
  expect(facts?.deletedItems).toEqual(undisturbed.deletedItems);
  const ledger = (await cloud.items('records')).filter(({ pk }) =>
    String(pk).startsWith('LEDGER#'),
  );
  expect(ledger.filter((entry) => entry['sub'] === sub)).toHaveLength(1);
}

/** But where a crash lies between SES's answer and our note of it: SES knows no "once". */
function expectOneMailEach(people: ReadonlyArray<Victim>): void {
  const mailed = people.map(({ email, plan }) => ({ ...plan, mails: cloud.inbox(email).length }));
  expect(Math.min(...mailed.map(({ mails }) => mails))).toBe(1);
  const oftener = mailed.filter(({ mails }) => mails > 1).map(({ call }) => call);
  expect(new Set(oftener).size).toBeLessThanOrEqual(2);
}

/** Wherever a run has crashed, who misses their key is in the ledger: a restore could come now. */
async function expectLedgerFirst(requestIds: ReadonlyArray<string>): Promise<void> {
  const [keys, records] = await Promise.all([cloud.items('keys'), cloud.items('records')]);
  const kept = new Set(keys.map(({ pk }) => pk));
  const ledger = new Set(
    records.filter(({ pk }) => String(pk).startsWith('LEDGER#')).map(({ sub }) => sub),
  );
  const wanted = new Set(requestIds.map((requestId) => `REQUEST#${requestId}`));
  const requests = records.filter(({ pk, sk }) => wanted.has(String(pk)) && sk === 'REQUEST');
  expect(requests).toHaveLength(wanted.size);
  const lost = requests.filter(({ sub }) => !kept.has(`USER#${sub}`) && !ledger.has(sub));
  expect(lost).toEqual([]);
}

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
