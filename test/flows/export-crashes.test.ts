/** Exports that are cut off at any call of any state, and redriven (ADR 0021). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXPORT_STEPS } from '../../functions/core/exports/steps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { type Cut, cutOff, cutsOf, someAtATime, withoutRetries } from './cut-off-workflows.ts';
import { createExportRuns, type ExportRuns, newExportId } from './export-runs.ts';
import { exportedFiles, keysOf } from './exports.ts';
import { createPlanting, type Planted } from './planted-people.ts';

const STEPS = [...EXPORT_STEPS, 'tell-processor'];
const MACHINE = { functionName: 'domicile-export' };

let cloud: TestCloud;
let exports: ExportRuns;

beforeAll(async () => {
  cloud = await startTestCloud({
    parameters: { PrivacyRequestConcurrency: '1000' },
    transformTemplate: withoutRetries,
  });
  exports = createExportRuns(cloud);
});
afterAll(async () => {
  exports?.close();
  await cloud?.close();
});

interface CutExport {
  readonly person: Planted;
  readonly requestId: ReturnType<typeof newExportId>;
  readonly cut?: Cut;
}

test('an export that crashes before or after any AWS call of any state ends as if nothing had been', async () => {
  const { plant } = createPlanting(cloud, exports.dynamo, 'eu');
  const undisturbed = { person: await plant(), requestId: newExportId() };
  const counted = cutOff(cloud, { ...MACHINE, plans: new Map() });
  await exports.begin(undisturbed.person.sub, undisturbed.requestId);
  await exports.untilReady([undisturbed.requestId]);
  const wanted = await shapeOf(undisturbed);
  await exports.untilExpired([undisturbed.requestId]);
  counted.stop();
  const calls = new Map(
    STEPS.map((step) => [step, counted.callsOf(undisturbed.requestId, step)] as const),
  );
  // It reads the policy beside it.
  expect([...calls].filter(([, count]) => count === 0)).toEqual([['list-processors', 0]]);

  const cut = await someAtATime(cutsOf(Math.max(...calls.values())), async (one) => {
    return { person: await plant(), requestId: newExportId(), cut: one };
  });
  const ids = cut.map(({ requestId }) => requestId);
  const plans = new Map(cut.map((one) => [one.requestId, one.cut]));
  const watched = cutOff(cloud, { ...MACHINE, plans });
  await someAtATime(cut, ({ person, requestId }) => exports.begin(person.sub, requestId));
  await exports.untilReady(ids);
  for (const one of cut) {
    const keys = await keysOf(cloud, one.requestId);
    expect({ cut: one.cut, keys }).toEqual({ cut: one.cut, keys: ['export.html', 'export.json'] });
    expect({ cut: one.cut, files: await shapeOf(one) }).toEqual({ cut: one.cut, files: wanted });
  }
  expectOneMailEach(cut);
  const slots = (await cloud.items('records')).filter(({ pk }) => /^SLOT#/.test(String(pk)));
  expect(slots).toEqual([]);

  await exports.untilExpired(ids);
  watched.stop();
  const total = [...calls.values()].reduce((sum, count) => sum + count, 0);
  // After each call, and before the first of each step that makes any.
  expect(watched.done.size).toBeGreaterThanOrEqual(total + calls.size - 1);
  expect(await cloud.objects('exports')).toEqual([]);
  for (const { requestId } of cut) {
    expect((await exports.requests.load(requestId)).state).toBe('expired');
  }
}, 180_000);

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
function expectOneMailEach(cut: ReadonlyArray<CutExport>): void {
  const counts = cut.map((one) => ({ one, mails: cloud.inbox(one.person.email).length }));
  const others = counts.filter(({ mails }) => mails !== 1);
  expect(others.map(({ one, mails }) => [one.cut?.kind, mails])).toEqual([['crash-after', 2]]);
}
