/** Requests that take part in two cells, interrupted at each of their calls in either. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../local/types.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { isRead } from './cut-off-places.ts';
import {
  type CellsStage,
  FLOWS_BETWEEN_CELLS,
  INTERRUPTIONS_BETWEEN_CELLS,
  type InterruptibleCall,
  setCellsStage,
} from './interruptible-flows-cells.ts';

/** More than any request's retries. */
const FOR_AS_LONG_AS_IT_LASTS = 1000;

let cloud: TestCloud;
let stage: CellsStage;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us'],
    parameters: {
      OneTimeCodeMailsPerHour: '20',
      OneTimeCodeMailsPerHourAndSource: '10000',
    },
  });
  stage = await setCellsStage(cloud);
}, 120_000);
afterEach(() => cloud.clearFaults());
afterAll(() => cloud?.close());

function inject({ call, cell }: InterruptibleCall, kind: Fault['kind'], times = 1): void {
  const [service = '', operation = ''] = call.split(':');
  cloud.fault({ service, operation, region: cloud.regions[cell] ?? '', kind, times });
}

type Outcome = Awaited<
  ReturnType<Awaited<ReturnType<(typeof FLOWS_BETWEEN_CELLS)[number]['prepare']>>>
>;

function expectRefused({ status, headers }: Outcome): void {
  expect(status).toBe(503);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

function expectDone({ isDone, status, body }: Outcome, saysDone: RegExp | undefined): void {
  if (isDone) return;
  expect(saysDone, `status ${status}: ${body.slice(0, 300)}`).toBeDefined();
  expect(status).toBeLessThan(500);
  expect(body).toMatch(saysDone ?? '');
}

test.each(FLOWS_BETWEEN_CELLS)('$name makes the calls that are interrupted here', async (flow) => {
  await (await flow.prepare(stage))();
  const act = await flow.prepare(stage);
  const mark = cloud.mark();

  expect((await act()).isDone).toBe(true);

  const made = cloud.calls(mark).map(({ service, operation, region }) => {
    const [cell] = Object.entries(cloud.regions).find(([, known]) => known === region) ?? [];
    return `${service}:${operation} in ${cell}`;
  });
  const known = flow.calls.map(({ call, cell }) => `${call} in ${cell}`);
  expect(new Set(made)).toEqual(new Set(known));
});

describe.each(INTERRUPTIONS_BETWEEN_CELLS)('$name', ({ flow, interrupted, what }) => {
  const { isSpare, isSingle } = interrupted;

  test(`is done or refused with 503 when ${what} is throttled once`, async () => {
    const act = await flow.prepare(stage);
    inject(interrupted, 'throttle');
    const answer = await act();
    if (isSingle === true) expectRefused(answer);
    else expect(answer.isDone).toBe(true);
    expectDone(await act(), flow.saysDone);
  });

  test(`has its outcome while ${what} fails, and succeeds afterwards`, async () => {
    const act = await flow.prepare(stage);
    inject(interrupted, 'error', FOR_AS_LONG_AS_IT_LASTS);
    const answer = await act();
    if (isSpare === true) expect(answer.isDone).toBe(true);
    else expectRefused(answer);
    cloud.clearFaults();
    expectDone(await act(), answer.isDone ? flow.saysDone : undefined);
  });

  // A call that reads leaves nothing behind: to die after it is to die before it.
  const kinds = isRead(interrupted.call.replace(':', ' '))
    ? (['crash-before'] as const)
    : (['crash-before', 'crash-after'] as const);

  test.each(kinds)(`can be repeated after a %s of ${what}, or was done`, async (kind) => {
    const act = await flow.prepare(stage);
    inject(interrupted, kind);
    expect([500, 503]).toContain((await act()).status);
    expectDone(await act(), flow.saysDone);
  });
});

/** The long ways, on which answers get lost. */
const ABROAD = INTERRUPTIONS_BETWEEN_CELLS.filter(
  ({ interrupted: { call, cell, isSpare } }) =>
    call === 'lambda:Invoke' || (cell === 'eu' && (isSpare ?? /Transact/.test(call))),
);

test.each(ABROAD)('$name is done or refused when $what is never answered', async (one) => {
  const act = await one.flow.prepare(stage);
  inject(one.interrupted, 'timeout');
  const answer = await act();
  if (!answer.isDone) expectRefused(answer);
  cloud.clearFaults();
  // A cell that was silent is left alone for as long.
  if (one.interrupted.call === 'lambda:Invoke') await cloud.advance(15);
  expectDone(await act(), one.flow.saysDone);
});
