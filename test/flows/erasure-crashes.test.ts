/**
 * Erasures that are cut off at any call of any state, and redriven (ADR 0022). Consents' history is kept
 * without the person: that takes every call which deleting it takes, and one more.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ERASURE_STEPS } from '../../functions/core/erasure/steps.ts';
import type { PrivacyRequestId } from '../../functions/core/ports/privacy-requests.ts';
import type { ErasureFacts } from '../../functions/core/privacy-requests/erasure-facts.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { type Cut, cutsOf, placeAfter } from './cut-off-places.ts';
import { failedStatesOf, statesOf } from './cut-off-states.ts';
import { cutOff, someAtATime, withoutRetries } from './cut-off-workflows.ts';
import { collectionOf, createErasures, type Erasures, newRequestId } from './erasures.ts';
import { choose } from './journeys-of-choices.ts';
import { allOf, createPlanting, type Planted } from './planted-people.ts';
import { signedInWithToken } from './rest.ts';

const MACHINE = { functionName: 'domicile-erasure' };

let cloud: TestCloud;
let erasures: Erasures;

beforeAll(async () => {
  const file = readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8');
  const { context }: { context: { privacy: object } } = JSON.parse(file);
  const atErasure = { consentHistory: 'anonymise' };
  cloud = await startTestCloud({
    context: { privacy: { ...context.privacy, atErasure } },
    parameters: { PrivacyRequestConcurrency: '1000' },
    transformTemplate: withoutRetries,
    // Each move of years would rotate the keys a dozen times, which touches nobody's data.
    disabledRules: ['domicile-audit', 'domicile-key-rotation'],
  });
  erasures = createErasures(cloud);
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

interface Victim extends Planted {
  readonly cuts: ReadonlyArray<Cut>;
  readonly requestId: PrivacyRequestId;
  readonly mails: number;
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

test('an erasure that crashes before or after any AWS call of any state ends as if nothing had been', async () => {
  const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
  const bystander = await plant();
  const before = await allOf(cloud, [bystander]);
  const counted = cutOff(cloud, MACHINE);
  const undisturbed = await erasures.begin((await plant()).sub);
  await finishAll([undisturbed]);
  counted.stop();
  const places = counted.placesOf(undisturbed, ERASURE_STEPS);
  // One reads the policy beside it, the other comes after a year.
  const without = ERASURE_STEPS.filter((step) => places.get(step)?.length === 0);
  expect(without).toEqual(['list-processors', 'continue']);

  // Where a crash comes between SES's answer and our note of it: SES knows no "once".
  const sent = placeAfter('ses SendEmail', places.get('notify') ?? []);
  const eraseCutOff = async (planned: ReadonlyArray<ReadonlyArray<Cut>>, where = places) => {
    const victims = await someAtATime(planned, async (cuts): Promise<Victim> => {
      const mails = cuts.includes(sent) ? 2 : 1;
      return { ...(await plant()), cuts, requestId: newRequestId(), mails };
    });
    const plans = new Map(victims.map(({ requestId, cuts }) => [requestId, cuts]));
    const watched = cutOff(cloud, { ...MACHINE, plans, places: where });
    await someAtATime(victims, ({ sub, requestId }) => erasures.begin(sub, requestId));
    await finishAll(victims.map(({ requestId }) => requestId));
    watched.stop();
    return { victims, missed: watched.missed() };
  };
  // In every state after something is written and, once it is repeated, after the next.
  const all = cutsOf(places);
  const { victims, missed } = await eraseCutOff(all.slice(1).map((cut) => [cut - 1, cut]));
  // A state that is repeated may have less to do: what that leaves out is cut off at first sight.
  const left = missed.map(({ step }) => step);
  const rest = await eraseCutOff(
    [...new Set(missed.map(({ cut }) => cut))].map((cut) => [cut]),
    new Map([...places].filter(([step]) => left.includes(step))),
  );
  expect(rest.missed).toEqual([]);
  const people = [...victims, ...rest.victims];
  const failed = failedStatesOf(people.map(({ requestId }) => erasures.view(requestId)));
  const own = statesOf('domicile-erasure', 'erasure-crashes');
  expect(failed).toEqual(expect.arrayContaining([...own]));
  const { facts } = await erasures.requests.load(undisturbed);
  for (const victim of people) await expectErased(victim, facts ?? {});
  const records = await cloud.items('records');
  const ofRequests = [...records, ...(await cloud.items('keys'))];
  for (const { cuts, requestId } of people) {
    const left = leftUnder(ofRequests, requestId);
    expect({ cuts, left }).toEqual({ cuts, left: leftUnder(ofRequests, undisturbed) });
  }
  const ledger = records.filter(({ pk }) => String(pk).startsWith('LEDGER#'));
  for (const { sub } of people) {
    expect(ledger.filter((entry) => entry['sub'] === sub)).toHaveLength(1);
  }
  const certificates = records.filter(({ pk }) => String(pk).startsWith('CERTIFICATE#'));
  expect(certificates).toHaveLength(people.length + 1);
  for (const { cuts, email, mails } of people) {
    expect({ cuts, mails: cloud.inbox(email).length }).toEqual({ cuts, mails });
  }
  await expectNothingOf(people);
  // Two lines of each history; none twice, however often it was copied.
  const kept = records.filter(({ sk }) => sk === 'ANONYMOUS');
  expect(kept).toHaveLength(2 * (people.length + 1));
  expect(await allOf(cloud, [bystander])).toEqual(before);
}, 300_000);

test('what the policy keeps of choices has nothing that leads to a person, and is there once after a crash', async () => {
  const person = await signedInWithToken(cloud);
  for (const state of ['granted', 'withdrawn']) {
    await choose(cloud, person, { purposeId: 'product-news', state });
  }
  const lines = collectionOf(await cloud.items('data'), person.sub)
    .map((item) => ChoiceLine.safeParse(item).data)
    .filter((line) => line !== undefined);
  expect(lines).toHaveLength(2);
  const known = new Set(await keptChoices());

  const requestId = await erasures.begin(person.sub);
  const copying = { service: 'dynamodb', operation: 'BatchWriteItem', resource: RECORDS } as const;
  cloud.fault({ ...copying, kind: 'crash-after' });
  await finishAll([requestId]);
  cloud.clearFaults();
  expect(failedStatesOf([erasures.view(requestId)])).toEqual(['DeleteItems']);

  const kept = (await keptChoices()).filter((text) => !known.has(text));
  const told = kept.map((text) => KeptChoice.parse(JSON.parse(text)));
  const byState = Map.groupBy(told, ({ state }) => state);
  for (const { at, state, version, textHash, language, page, method } of lines) {
    const choice = { state, version, textHash, language, page, method };
    const rest = { purposeId: 'product-news', month: at.slice(0, 7) };
    const [one, ...others] = byState.get(state) ?? [];
    expect(one).toMatchObject({ ...choice, ...rest });
    expect(others).toEqual([]);
  }
  expect(told).toHaveLength(lines.length);
  for (const { at, eventId } of lines) {
    for (const trace of [at, eventId, person.sub, person.person.email, requestId]) {
      expect(kept.join()).not.toContain(trace);
    }
  }
  // What their ids were made of is gone, and nothing else names them.
  const kinds = ['data', 'keys', 'directory', 'records'] as const;
  const all = (await Promise.all(kinds.map((kind) => cloud.items(kind)))).flat();
  expect(all.filter(({ sk }) => sk === 'TRACES')).toEqual([]);
  for (const { pk } of told) {
    const id = pk.slice('ANONYMOUS#'.length);
    expect(all.filter((item) => JSON.stringify(item).includes(id))).toHaveLength(1);
  }
  const { facts } = await erasures.requests.load(requestId);
  expect(facts?.anonymisedItems).toEqual({ 'CONSENT-EVENT': 2 });
}, 120_000);

const RECORDS = 'domicile-records-eu';

const words = { state: z.string(), version: z.string(), textHash: z.string() };
const place = { language: z.string(), page: z.string(), method: z.string() };
/** `at` stands in the key, as the page has it. */
const ChoiceLine = z
  .object({ sk: z.string().startsWith('CONSENT-EVENT#'), eventId: z.string(), ...words, ...place })
  .transform((line) => ({ ...line, at: line.sk.split('#')[1] ?? '' }));
/** These attributes, and no other. */
const KeptChoice = z.strictObject({
  ...{ pk: z.string().startsWith('ANONYMOUS#'), sk: z.literal('ANONYMOUS'), v: z.literal(1) },
  ...{ purposeId: z.string(), month: z.string(), ...words, ...place },
});

async function keptChoices(): Promise<ReadonlyArray<string>> {
  const kept = (await cloud.items('records')).filter(({ sk }) => sk === 'ANONYMOUS');
  return kept.map((item) => JSON.stringify(item));
}

/** As an erasure that nothing disturbed: the same states, facts and counts. */
async function expectErased({ cuts, requestId }: Victim, undisturbed: ErasureFacts): Promise<void> {
  const { status, states } = erasures.view(requestId);
  const { state, facts } = await erasures.requests.load(requestId);
  const names = Object.keys(facts ?? {}).toSorted();
  expect({ cuts, status, last: states.at(-1)?.name, state, names }).toEqual({
    ...{ cuts, status: 'SUCCEEDED', last: 'Erased', state: 'completed' },
    names: Object.keys(undisturbed).toSorted(),
  });
  expect(facts?.deletedItems).toEqual(undisturbed.deletedItems);
}

/** Neither whom to write to nor how to find them, which alone could tell who it was. */
function leftUnder(items: ReadonlyArray<StoredItem>, requestId: string): ReadonlyArray<string> {
  return items
    .filter(({ pk }) => pk === `REQUEST#${requestId}`)
    .map(({ sk }) => String(sk))
    .toSorted();
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
