/**
 * What stands beside the erasure's own way, cut off at any call and redriven: a run that hands over
 * to another (ADR 0022), the replay after a restore, the sealing of the audit trail (ADR 0025).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PrivacyRequestId } from '../../functions/core/ports/privacy-requests.ts';
import { registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { type Audits, createAudits, HOUR } from './audits.ts';
import { type Cut, type Places, sharesOf } from './cut-off-places.ts';
import { failedStatesOf, statesOf } from './cut-off-states.ts';
import { cutOff, someAtATime, withoutRetries } from './cut-off-workflows.ts';
import { createErasures, type Erasures, newRequestId } from './erasures.ts';
import { createPlanting, type Planted } from './planted-people.ts';
import { cutOffReplays } from './replay-cuts.ts';

const ERASURE = { functionName: 'domicile-erasure' };
/** Account, password, session, grant, consent, two of its history; and the key. */
const BYSTANDERS_ITEMS = 8;

let cloud: TestCloud;
let erasures: Erasures;
let audits: Audits;
let plant: ReturnType<typeof createPlanting>['plant'];

beforeAll(async () => {
  cloud = await startTestCloud({
    parameters: {
      PrivacyRequestConcurrency: '1000',
      AuditArchive: 'governance',
      ProcessorDeadlineDays: '2',
    },
    transformTemplate: withoutRetries,
    // Each move of years would rotate the keys a dozen times, which touches nobody's data.
    disabledRules: ['domicile-audit', 'domicile-key-rotation'],
  });
  erasures = createErasures(cloud);
  audits = createAudits(cloud);
  ({ plant } = createPlanting(cloud, erasures.dynamo, 'eu'));
});
afterAll(async () => {
  audits?.close();
  erasures?.close();
  await cloud?.close();
});

/** As it is entered in the table of all states. */
function expectCutOff(state: string, requestIds: ReadonlyArray<string>): void {
  expect(statesOf('domicile-erasure', 'erasure-faults')).toContain(state);
  expect(failedStatesOf(requestIds.map(erasures.view))).toContain(state);
}

async function countCertificates(): Promise<number> {
  return (await cloud.items('records')).filter(({ sk }) => sk === 'CERTIFICATE').length;
}

test('a replay that crashes before or after any AWS call erases what it would have, tells of it, and harms nobody else', async () => {
  const people = [await plant(), await plant()];
  const bystander = await plant();
  await cloud.advance(1);
  const wholeMs = cloud.cloud.clock.nowMs();
  await cloud.advance(600);
  for (const { sub } of people) {
    await erasures.finish(await erasures.ask(sub, 0), 'WaitQuarantine');
  }

  const world = { cloud, cell: 'eu', erasures, people, wholeMs };
  const { texts } = await cutOffReplays(world, ['data', 'keys']);
  // Counters that end by themselves have no more of a person than the ledger does.
  const left = texts.filter((text) => !text.includes('"ATTEMPTS#')).join();
  for (const { sub, identifier } of people) {
    expect([left.includes(sub), left.includes(identifier)]).toEqual([false, false]);
  }
  // Account, what stands beside it, and key.
  const kept = texts.filter((text) => text.includes(`USER#${bystander.sub}`));
  expect(kept).toHaveLength(BYSTANDERS_ITEMS);
  // The key alone has come back: once it is gone nothing but the act tells that it had.
  const keys = await cutOffReplays(world, ['keys']);
  expect(keys.texts.join()).toContain(bystander.sub);
  for (const { sub } of people) expect(keys.texts.join()).not.toContain(sub);
  const replays = cloud.executions('domicile-erasure-replay');
  expect(failedStatesOf(replays)).toEqual(statesOf('domicile-erasure-replay', 'erasure-faults'));
}, 120_000);

test('a run that a hold keeps too long hands over to one other, at whichever AWS call it crashes', async () => {
  const hold = async ({ sub }: Planted, requestId: PrivacyRequestId) => {
    await erasures.setHolds(sub, 1);
    // Longer than a run can last, so that the first look at the hold is the last of its run.
    await erasures.begin(sub, requestId, 361);
  };
  const certificates = await countCertificates();
  const undisturbed = { person: await plant(), requestId: newRequestId() };
  const counted = cutOff(cloud, ERASURE);
  await hold(undisturbed.person, undisturbed.requestId);
  await erasures.finishAll([undisturbed.requestId]);
  counted.stop();
  const places = counted.placesOf(undisturbed.requestId, ['begin', 'commit', 'continue']);

  const people = await someAtATime(sharesOf(places), async (cuts) => {
    return { person: await plant(), requestId: newRequestId(), cuts };
  });
  const ids = people.map(({ requestId }) => requestId);
  const plans = new Map(people.map(({ requestId, cuts }) => [requestId, cuts]));
  const watched = cutOff(cloud, { ...ERASURE, plans, places });
  await someAtATime(people, ({ person, requestId }) => hold(person, requestId));
  await erasures.finishAll(ids);
  expectCutOff('StartAnother', ids);
  for (const { person, requestId } of [undisturbed, ...people]) {
    expect(erasures.view(requestId).states.at(-1)?.name).toBe('Continued');
    expect((await erasures.requests.load(requestId)).state).toBe('held');
    await erasures.setHolds(person.sub, 0);
  }
  await erasures.finishAll([undisturbed.requestId, ...ids].map((id) => `${id}.2`));
  watched.stop();
  // The other run begins and looks at the hold as well, and is cut off there.
  expect(watched.missed()).toEqual([]);
  const kinds = ['data', 'keys', 'directory'] as const;
  const tables = await Promise.all(kinds.map((kind) => cloud.items(kind)));
  const left = JSON.stringify(tables.flat().filter(({ sk }) => sk !== 'ACT'));
  for (const { person, requestId } of people) {
    expect(erasures.view(`${requestId}.2`)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await erasures.requests.load(requestId)).toMatchObject({ state: 'completed' });
    for (const trace of person.traces) expect(left.includes(trace)).toBe(false);
    expect(cloud.inbox(person.email)).toHaveLength(1);
  }
  expect(await countCertificates()).toBe(certificates + people.length + 1);
}, 180_000);

test('processors are told, reminded and given up on, at whichever AWS call that crashes', async () => {
  const watch = (cutting: Partial<Parameters<typeof cutOff>[1]> = {}) => {
    type Told = Readonly<Record<'requestId' | 'processorId', string>>;
    const subjectOf = (input: Partial<Told>) => `${input.requestId} ${input.processorId}`;
    return cutOff(cloud, { ...ERASURE, ...cutting, subjectOf });
  };
  /** Nobody acknowledges anything. */
  const silence = () => cloud.advance(6 * HOUR);
  const PROCESSORS = ['mail-house', 'analytics-house'];
  const STEPS = ['tell-processor', 'remind'];

  const counted = watch();
  const undisturbed = await erasures.begin((await plant()).sub);
  await erasures.finishAll([undisturbed], silence);
  counted.stop();
  const places = counted.placesOf(`${undisturbed} ${PROCESSORS[0]}`, STEPS);
  const shares = [...sharesOf(places)];
  const plans = new Map<string, ReadonlyArray<Cut>>();
  const people: Array<PrivacyRequestId> = [];
  while (shares.length > 0) {
    const requestId = newRequestId();
    for (const [index, cuts] of shares.splice(0, PROCESSORS.length).entries()) {
      plans.set(`${requestId} ${PROCESSORS[index]}`, cuts);
    }
    people.push(requestId);
    await erasures.begin((await plant()).sub, requestId);
  }
  const watched = watch({ plans, places });
  await erasures.finishAll(people, silence);
  watched.stop();
  expect(watched.missed()).toEqual([]);
  expectCutOff('TellProcessor', people);
  expectCutOff('Remind', people);
  const records = await cloud.items('records');
  for (const requestId of [undisturbed, ...people]) {
    const told = records.filter(
      ({ pk, sk }) => pk === `REQUEST#${requestId}` && String(sk).startsWith('PROCESSOR#'),
    );
    expect(told.map(({ sk, overdueAt }) => [sk, typeof overdueAt])).toEqual(
      PROCESSORS.toSorted().map((id) => [`PROCESSOR#${id}`, 'number']),
    );
    const { state, certificateId } = await erasures.requests.load(requestId);
    expect(state).toBe('completed');
    const certificates = records.filter(({ pk }) => pk === `CERTIFICATE#${certificateId}`);
    expect(certificates).toHaveLength(1);
  }
}, 180_000);

test('an hour that is cut off at any AWS call of its sealing is sealed once, and archived the same', async () => {
  await registerApp(cloud);
  await audits.sealAll();
  /** An hour in which something happened, sealed at whatever cost. */
  async function sealHour(cuts?: ReadonlyArray<Cut>, places?: Places) {
    const watched = cutOff(cloud, {
      ...{ functionName: 'domicile-audit', subjectOf: () => 'audit' },
      ...(cuts !== undefined && { plans: new Map([['audit', cuts]]) }),
      ...(places !== undefined && { places }),
    });
    await registerApp(cloud);
    await cloud.deliverStreams();
    await cloud.advance(HOUR);
    let run = await audits.run();
    for (let redrives = 0; run.status === 'FAILED' && redrives < 5; redrives += 1) {
      await cloud.redrive(run.arn);
      await cloud.advance(1);
      run = erasures.view(run.name);
    }
    watched.stop();
    expect({ cuts, status: run.status }).toEqual({ cuts, status: 'SUCCEEDED' });
    return watched;
  }

  const counted = await sealHour();
  const places = counted.placesOf('audit', ['seal', 'archive']);
  for (const cuts of sharesOf(places)) {
    expect((await sealHour(cuts, places)).missed()).toEqual([]);
  }
  const runs = cloud.executions('domicile-audit');
  expect(failedStatesOf(runs)).toEqual(statesOf('domicile-audit', 'erasure-faults'));

  const verified = await audits.verify();
  expect(verified.findings).toEqual([]);
  const files = (await cloud.objects('archive')).filter(({ key }) => key.startsWith('audit/'));
  const versions = Map.groupBy(files, ({ key }) => key);
  expect(versions.size).toBe(verified.hours);
  for (const [key, same] of versions) {
    const texts = new Set(same.map(({ bytes }) => bytes?.toString('utf8')));
    expect({ key, different: texts.size }).toEqual({ key, different: 1 });
  }
}, 180_000);
