/** Exports that are cut off at any call of any state, and redriven (ADR 0021). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXPORT_STEPS } from '../../functions/core/exports/steps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { type Cut, type Places, placeAfter, sharesOf } from './cut-off-places.ts';
import { failedStatesOf, statesOf } from './cut-off-states.ts';
import { cutOff, someAtATime, withoutRetries } from './cut-off-workflows.ts';
import { createExportRuns, type ExportRuns, newExportId } from './export-runs.ts';
import { exportedFiles, keysOf } from './exports.ts';
import { allOf, createPlanting, type Planted } from './planted-people.ts';

const STEPS = [...EXPORT_STEPS, 'tell-processor', 'remind'];
const MACHINE = { functionName: 'domicile-export' };
const FILES = ['export.html', 'export.json'];

let cloud: TestCloud;
let exports: ExportRuns;
let plant: ReturnType<typeof createPlanting>['plant'];
/** Who asked for nothing, and all that there was of them in the beginning. */
let bystander: Planted;
let before: Awaited<ReturnType<typeof allOf>>;

beforeAll(async () => {
  cloud = await startTestCloud({
    parameters: { PrivacyRequestConcurrency: '1000', ProcessorDeadlineDays: '2' },
    transformTemplate: withoutRetries,
  });
  exports = createExportRuns(cloud);
  ({ plant } = createPlanting(cloud, exports.dynamo, 'eu'));
  bystander = await plant();
  before = await allOf(cloud, [bystander]);
});
afterAll(async () => {
  exports?.close();
  await cloud?.close();
});

interface CutExport {
  readonly person: Planted;
  readonly requestId: ReturnType<typeof newExportId>;
  readonly cuts?: ReadonlyArray<Cut>;
}

test('an export that crashes before or after any AWS call of any state ends as if nothing had been', async () => {
  const undisturbed = { person: await plant(), requestId: newExportId() };
  const counted = cutOff(cloud, MACHINE);
  await exports.begin(undisturbed.person.sub, undisturbed.requestId);
  await exports.untilReady([undisturbed.requestId]);
  const wanted = await shapeOf(undisturbed);
  await exports.untilExpired([undisturbed.requestId]);
  counted.stop();
  const places = counted.placesOf(undisturbed.requestId, STEPS);
  // One reads the policy beside it; nobody is reminded here, see below.
  const without = STEPS.filter((step) => places.get(step)?.length === 0);
  expect(without).toEqual(['list-processors', 'remind']);

  const cut = await cutEach(places);
  const ids = cut.map(({ requestId }) => requestId);
  const watched = cutOff(cloud, { ...MACHINE, plans: plansOf(cut), places });
  await someAtATime(cut, ({ person, requestId }) => exports.begin(person.sub, requestId));
  await exports.untilReady(ids);
  await expectSame(cut, wanted);
  expectOneMailEach(cut, places);
  const slots = (await cloud.items('records')).filter(({ pk }) => /^SLOT#/.test(String(pk)));
  expect(slots).toEqual([]);

  await exports.untilExpired(ids);
  watched.stop();
  expect(watched.missed()).toEqual([]);
  expect(await cloud.objects('exports')).toEqual([]);
  for (const { requestId } of cut) {
    expect((await exports.requests.load(requestId)).state).toBe('expired');
  }
  expect(await allOf(cloud, [bystander])).toEqual(before);
}, 180_000);

test('so does one that was begun before its request was there, and that no processor answers', async () => {
  const steps = ['begin', 'tell-processor', 'remind'];
  const undisturbed = { person: await plant(), requestId: newExportId() };
  const counted = cutOff(cloud, MACHINE);
  await exports.beginLate([[undisturbed.person.sub, undisturbed.requestId]]);
  await exports.untilGivenUp([undisturbed.requestId]);
  const wanted = await shapeOf(undisturbed);
  counted.stop();
  const places = counted.placesOf(undisturbed.requestId, steps);

  const cut = await cutEach(places);
  const ids = cut.map(({ requestId }) => requestId);
  const watched = cutOff(cloud, { ...MACHINE, plans: plansOf(cut), places });
  await exports.beginLate(cut.map(({ person, requestId }) => [person.sub, requestId]));
  await exports.untilGivenUp(ids);
  watched.stop();
  expect(watched.missed()).toEqual([]);
  await expectSame(cut, wanted);
  for (const { person } of cut) expect(cloud.inbox(person.email)).toHaveLength(1);
  const records = await cloud.items('records');
  for (const { requestId } of [undisturbed, ...cut]) {
    const told = records.filter(
      ({ pk, sk }) => pk === `REQUEST#${requestId}` && /^PROCESSOR#/.test(String(sk)),
    );
    expect(told.map(({ overdueAt }) => typeof overdueAt)).toEqual(['number']);
  }
  const runs = cloud.executions('domicile-export');
  expect(failedStatesOf(runs)).toEqual(statesOf('domicile-export', 'export-crashes'));
  expect(await allOf(cloud, [bystander])).toEqual(before);
}, 120_000);

/** Somebody for each share of the cuts. */
function cutEach(places: Places): Promise<ReadonlyArray<Required<CutExport>>> {
  return someAtATime(sharesOf(places), async (cuts) => {
    return { person: await plant(), requestId: newExportId(), cuts };
  });
}

function plansOf(cut: ReadonlyArray<Required<CutExport>>): ReadonlyMap<string, ReadonlyArray<Cut>> {
  return new Map(cut.map((one) => [one.requestId, one.cuts]));
}

/** Both files, and what they say. */
async function expectSame(
  cut: ReadonlyArray<CutExport>,
  wanted: Awaited<ReturnType<typeof shapeOf>>,
): Promise<void> {
  for (const one of cut) {
    const keys = await keysOf(cloud, one.requestId);
    expect({ cuts: one.cuts, keys }).toEqual({ cuts: one.cuts, keys: FILES });
    const files = await shapeOf(one);
    expect({ cuts: one.cuts, files }).toEqual({ cuts: one.cuts, files: wanted });
  }
}

/** Both files, without what differs between two people and two moments. */
async function shapeOf({ person, requestId }: CutExport) {
  const { json, html } = await exportedFiles(cloud, requestId);
  const bare = (text: string) =>
    [...person.traces, requestId]
      .reduce((left, trace) => left.replaceAll(trace, '…'), text)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replace(/>[^<]*UTC</g, '>TIME<');
  return { json: bare(JSON.stringify(json)), html: bare(html) };
}

/** But for the one whose crash comes between SES's answer and our note of it: SES knows no "once". */
function expectOneMailEach(cut: ReadonlyArray<Required<CutExport>>, places: Places): void {
  const counts = cut.map((one) => ({ one, mails: cloud.inbox(one.person.email).length }));
  const others = counts.filter(({ mails }) => mails !== 1);
  const sent = placeAfter('ses SendEmail', places.get('notify') ?? []);
  expect(others.map(({ one, mails }) => [one.cuts.includes(sent), mails])).toEqual([[true, 2]]);
}
