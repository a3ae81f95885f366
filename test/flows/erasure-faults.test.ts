/**
 * What stands beside the erasure's own way, cut off at any call and redriven: a run that hands over
 * to another (ADR 0022), the replay after a restore, the sealing of the audit trail (ADR 0025).
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PrivacyRequestId } from '../../functions/core/ports/privacy-requests.ts';
import { registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import type { RestoredTable } from '../harness/cloud-stores.ts';
import { type Audits, createAudits, HOUR } from './audits.ts';
import { type Cut, cutOff, cutsOf, someAtATime, withoutRetries } from './cut-off-workflows.ts';
import { createErasures, type Erasures, newRequestId } from './erasures.ts';
import { createPlanting, type Planted } from './planted-people.ts';

const ERASURE = { functionName: 'domicile-erasure' };

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

async function textsOf(table: RestoredTable): Promise<ReadonlyArray<string>> {
  return (await cloud.items(table)).map((item) => JSON.stringify(item)).toSorted();
}

async function countCertificates(): Promise<number> {
  return (await cloud.items('records')).filter(({ sk }) => sk === 'CERTIFICATE').length;
}

test('a replay that crashes before or after any AWS call erases what it would have, and nobody else', async () => {
  const people = [await plant(), await plant()];
  const bystander = await plant();
  await cloud.advance(1);
  const wholeMs = cloud.cloud.clock.nowMs();
  const since = new Date(wholeMs).toISOString();
  await cloud.advance(600);
  for (const { sub } of people) {
    await erasures.finish(await erasures.ask(sub, 0), 'WaitQuarantine');
  }

  /** On copies of its own, from before both were erased. */
  async function beginReplay(name: string) {
    const secondsAgo = Math.ceil((cloud.cloud.clock.nowMs() - wholeMs) / 1000);
    const restore = (kind: 'data' | 'keys') =>
      cloud.restore({
        ...{ table: kind, secondsAgo },
        target: `domicile-${kind}-eu-restored-${name}`,
      });
    const [table, keysTable] = [await restore('data'), await restore('keys')];
    await erasures.start('domicile-erasure-replay', { table, keysTable, since }, name);
    return { name, table, keysTable };
  }
  const watch = (plans: ReadonlyMap<string, Cut>) =>
    cutOff(cloud, { ...ERASURE, plans, subjectOf: ({ table }) => String(table) });

  const counted = watch(new Map());
  const undisturbed = await beginReplay('undisturbed');
  await erasures.finishAll([undisturbed.name]);
  counted.stop();
  const calls = counted.callsOf(undisturbed.table, 'replay');
  const wanted = await Promise.all(
    [undisturbed.table, undisturbed.keysTable].map((table) => textsOf(table)),
  );
  // Counters that end by themselves have no more of a person than the ledger does.
  const left = wanted
    .flat()
    .filter((text) => !text.includes('"ATTEMPTS#'))
    .join();
  for (const { sub, identifier } of people) {
    expect([left.includes(sub), left.includes(identifier)]).toEqual([false, false]);
  }
  // Their account, their key.
  for (const texts of wanted) expect(texts.join()).toContain(bystander.sub);

  const cuts = cutsOf(calls).map((cut, index) => ({ cut, name: `cut-${index}` }));
  const plans = cuts.map(({ cut, name }) => [`domicile-data-eu-restored-${name}`, cut] as const);
  const watched = watch(new Map(plans));
  const replays = await someAtATime(cuts, ({ name }) => beginReplay(name));
  await erasures.finishAll(replays.map(({ name }) => name));
  watched.stop();
  expect(watched.done.size).toBe(cuts.length);
  for (const { name, table, keysTable } of replays) {
    const { status, redrives, output } = erasures.view(name);
    expect({ name, status, redrives }).toEqual({ name, status: 'SUCCEEDED', redrives: 1 });
    expect(output).toMatchObject({ entries: 2 });
    expect([await textsOf(table), await textsOf(keysTable)]).toEqual(wanted);
  }
}, 120_000);

test('a run that a hold keeps too long hands over to one other, at whichever AWS call it crashes', async () => {
  const hold = async ({ sub }: Planted, requestId: PrivacyRequestId) => {
    await erasures.setHolds(sub, 1);
    // Longer than a run can last, so that the first look at the hold is the last of its run.
    await erasures.begin(sub, requestId, 361);
  };
  const certificates = await countCertificates();
  const undisturbed = { person: await plant(), requestId: newRequestId() };
  const counted = cutOff(cloud, { ...ERASURE, plans: new Map() });
  await hold(undisturbed.person, undisturbed.requestId);
  await erasures.finishAll([undisturbed.requestId]);
  counted.stop();
  const calls = ['begin', 'commit', 'continue'].map((step) =>
    counted.callsOf(undisturbed.requestId, step),
  );
  expect(Math.min(...calls)).toBeGreaterThan(0);

  const people = await someAtATime(cutsOf(Math.max(...calls)), async (cut) => {
    return { person: await plant(), requestId: newRequestId(), cut };
  });
  const ids = people.map(({ requestId }) => requestId);
  const plans = new Map(people.map(({ requestId, cut }) => [requestId, cut]));
  const watched = cutOff(cloud, { ...ERASURE, plans });
  await someAtATime(people, ({ person, requestId }) => hold(person, requestId));
  await erasures.finishAll(ids);
  watched.stop();
  const sum = calls.reduce((total, count) => total + count, 0);
  // After each call, and before the first one of each state.
  expect(watched.done.size).toBeGreaterThanOrEqual(sum + calls.length);
  for (const { person, requestId } of [undisturbed, ...people]) {
    expect(erasures.view(requestId).states.at(-1)?.name).toBe('Continued');
    expect((await erasures.requests.load(requestId)).state).toBe('held');
    await erasures.setHolds(person.sub, 0);
  }
  await erasures.finishAll([undisturbed.requestId, ...ids].map((id) => `${id}.2`));
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
  const watch = (plans: ReadonlyMap<string, Cut>) => {
    type Told = Readonly<Record<'requestId' | 'processorId', string>>;
    const subjectOf = (input: Partial<Told>) => `${input.requestId} ${input.processorId}`;
    return cutOff(cloud, { ...ERASURE, plans, subjectOf });
  };
  /** Nobody acknowledges anything. */
  const silence = () => cloud.advance(6 * HOUR);
  const PROCESSORS = ['mail-house', 'analytics-house'];
  const STEPS = ['tell-processor', 'remind'];

  const counted = watch(new Map());
  const undisturbed = await erasures.begin((await plant()).sub);
  await erasures.finishAll([undisturbed], silence);
  counted.stop();
  const calls = STEPS.map((step) => counted.callsOf(`${undisturbed} ${PROCESSORS[0]}`, step));
  expect(Math.min(...calls)).toBeGreaterThan(2);

  const cuts = [...cutsOf(Math.max(...calls))];
  const plans = new Map<string, Cut>();
  const people: Array<PrivacyRequestId> = [];
  while (cuts.length > 0) {
    const requestId = newRequestId();
    for (const [index, cut] of cuts.splice(0, PROCESSORS.length).entries()) {
      plans.set(`${requestId} ${PROCESSORS[index]}`, cut);
    }
    people.push(requestId);
    await erasures.begin((await plant()).sub, requestId);
  }
  const watched = watch(plans);
  await erasures.finishAll(people, silence);
  watched.stop();
  const sum = calls.reduce((total, count) => total + count, 0);
  expect(watched.done.size).toBeGreaterThanOrEqual(sum);
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
  const watch = (plans: ReadonlyMap<string, Cut>) =>
    cutOff(cloud, { functionName: 'domicile-audit', plans, subjectOf: () => 'audit' });
  /** An hour in which something happened, sealed at whatever cost. */
  async function sealHour(cut?: Cut) {
    const watched = watch(new Map(cut === undefined ? [] : [['audit', cut]]));
    await registerApp(cloud);
    await cloud.deliverStreams();
    await cloud.advance(HOUR);
    let run = await audits.run();
    for (let redrives = 0; run.status === 'FAILED' && redrives < 3; redrives += 1) {
      await cloud.redrive(run.arn);
      await cloud.advance(1);
      run = erasures.view(run.name);
    }
    watched.stop();
    expect({ cut, status: run.status }).toEqual({ cut, status: 'SUCCEEDED' });
    return watched;
  }

  const counted = await sealHour();
  const calls = ['seal', 'archive'].map((step) => counted.callsOf('audit', step));
  expect(Math.min(...calls)).toBeGreaterThan(1);
  let cuts = 0;
  for (const cut of cutsOf(Math.max(...calls))) cuts += (await sealHour(cut)).done.size;
  expect(cuts).toBeGreaterThanOrEqual(calls.reduce((sum, count) => sum + count + 1, 0));

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
