/** Measures of residency: at home nothing costs more than with one cell, elsewhere one hop. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measureFlow } from '../../bench/flow.ts';
import { FLOWS } from '../../bench/flows.ts';
import { FLOWS_OF_CELLS } from '../../bench/flows-of-cells.ts';
import { overruns } from '../../bench/measure.ts';
import { PLACES } from '../../bench/places.ts';
import { type Stage, setStageBetween } from '../../bench/stage.ts';
import type { CallRecord } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { withFewCountries } from './cell-countries.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us', 'ap'],
    // While each call takes a little, those that run side by side are seen to do so; how far regions
    // are from each other changes neither calls nor depth.
    latency: 'near',
    transformTemplate: withFewCountries,
  });
}, 120_000);
afterAll(() => cloud?.close());

/** Registration claims in the primary region; mails of recovery follow a counted look-up. */
const DEARER_AT_HOME = ['sign-up → mail', 'e-mail confirmed → account → code', 'recovery → mail'];

test('nothing but registration and the mails of recovery costs more at home than with one cell', () => {
  const dearer = FLOWS.filter(({ budgets }) => budgets?.atHome !== undefined);
  expect(dearer.map(({ name }) => name)).toEqual(DEARER_AT_HOME);
});

describe.each(PLACES)('somebody at home in $home, $name', (place) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStageBetween(cloud, place);
  });

  test.each(FLOWS_OF_CELLS)('$name stays within its budget', async (flow) => {
    const { records, ...measured } = await measureFlow(flow, stage);

    expect(overruns(measured, place.budgetOf(flow))).toEqual([]);
    expect(records.map(({ outcome }) => outcome)).toEqual(records.map(() => 'ok'));
    expect(handedOnTwice(records)).toEqual([]);
  });
});

/** Calls of cells by a request that another cell has handed on, or by one that has called already. */
function handedOnTwice(records: ReadonlyArray<CallRecord>): ReadonlyArray<CallRecord> {
  const callers = new Set<string | undefined>();
  return records
    .filter(({ service }) => service === 'lambda')
    .filter(({ requestId, parentRequestId }) => {
      const isTwice = parentRequestId !== undefined || callers.has(requestId);
      callers.add(requestId);
      return isTwice;
    });
}
