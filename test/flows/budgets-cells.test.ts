/** Measures of residency: at home nothing costs more than with one cell, elsewhere one hop. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLOWS, FLOWS_ELSEWHERE, type Flow, measureFlow } from '../../bench/flows.ts';
import { overruns } from '../../bench/measure.ts';
import { type Stage, setStageBetween } from '../../bench/stage.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { withFewCountries } from './cell-countries.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us', 'ap'],
    // With AWS's latencies, calls that run side by side are seen to do so.
    latency: 'aws',
    transformTemplate: withFewCountries,
  });
}, 120_000);
afterAll(() => cloud?.close());

/** Registration claims in the primary region; mails of recovery follow a counted look-up. */
const DEARER_AT_HOME = ['sign-up → mail', 'e-mail confirmed → account → code', 'recovery → mail'];

test('nothing but registration and the mails of recovery costs more at home than with one cell', () => {
  const dearer = FLOWS.filter(({ budgetAtHome }) => budgetAtHome !== undefined);
  expect(dearer.map(({ name }) => name)).toEqual(DEARER_AT_HOME);
});

test('elsewhere there is one hop at most', () => {
  for (const { name, budgetElsewhere } of FLOWS_ELSEWHERE) {
    expect(budgetElsewhere?.hops ?? 0, name).toBeLessThanOrEqual(1);
  }
});

describe.each(['us', 'eu'])('somebody at home in us, through %s', (entry) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStageBetween(cloud, { home: 'us', entry });
  });
  const flows = entry === 'us' ? FLOWS : FLOWS_ELSEWHERE;
  const budgetOf = ({ budget, budgetAtHome = budget, budgetElsewhere = budgetAtHome }: Flow) =>
    entry === 'us' ? budgetAtHome : budgetElsewhere;

  test.each(flows)('$name stays within its budget', async (flow) => {
    const { records, ...measured } = await measureFlow(flow, stage);

    expect(overruns(measured, budgetOf(flow))).toEqual([]);
    expect(records.map(({ outcome }) => outcome)).toEqual(records.map(() => 'ok'));
  });
});
