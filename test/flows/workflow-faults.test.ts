/**
 * Workflows whose functions cannot be invoked until every retry is used up: each state fails its
 * execution, which an operator redrives (ADR 0017), and the end is as ever.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExecutionView } from '../../local/states/answers.ts';
import type { Fault } from '../../local/types.ts';
import { registerApp } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAudits, HOUR } from './audits.ts';
import { createErasures, type Erasures, newRequestId } from './erasures.ts';
import { createExportRuns } from './export-runs.ts';
import { acknowledgementsOf, answer, keysOf } from './exports.ts';
import { createPlanting } from './planted-people.ts';

const Invocation = z.object({ step: z.string() });

let cloud: TestCloud;
let erasures: Erasures;
let plant: ReturnType<typeof createPlanting>['plant'];

beforeAll(async () => {
  // Every state uses up its retries: some twenty each.
  cloud = await startTestCloud({ retryPauses: 'none' });
  erasures = createErasures(cloud);
  ({ plant } = createPlanting(cloud, erasures.dynamo, 'eu'));
});
afterAll(async () => {
  erasures?.close();
  await cloud?.close();
});

/** No step can be invoked before it was healed: throttled and failed by turns. */
function breakSteps(functionName: string) {
  const { faults } = cloud.cloud;
  const { take } = faults;
  const healed = new Set<string>();
  let [broken, hits] = ['', 0];
  faults.take = (request, resources): Fault | undefined => {
    const isMeant = request.operation === 'Invoke' && resources.join().endsWith(functionName);
    if (!isMeant) return take(request, resources);
    const { step } = Invocation.parse(JSON.parse(String(request.input['Payload'])));
    if (healed.has(step)) return take(request, resources);
    broken = step;
    hits += 1;
    const kind = hits % 2 === 0 ? 'throttle' : 'error';
    return { service: 'lambda', operation: 'Invoke', kind, times: 1 };
  };
  return {
    heal: () => healed.add(broken),
    stop: () => {
      faults.take = take;
    },
  };
}

interface Walk {
  readonly functionName: string;
  /** The execution's. */
  readonly name: string;
  /** Where the walk ends before the execution does. */
  readonly until?: string;
  /** What others do for it meanwhile. */
  readonly meanwhile?: (view: ExecutionView) => Promise<void>;
}

/** From failure to failure, each redriven once what was broken is whole; answers where it failed. */
async function walk({ functionName, name, until, meanwhile }: Walk): Promise<ReadonlySet<string>> {
  const { heal, stop } = breakSteps(functionName);
  const failedAt = new Set<string>();
  await cloud.advance(1);
  for (let moves = 0; moves < 300; moves += 1) {
    const view = erasures.view(name);
    if (view.status === 'SUCCEEDED' || view.states.at(-1)?.name === until) break;
    if (view.status === 'FAILED') {
      const failed = view.states.filter(
        ({ type, status }) => type === 'Task' && status === 'failed',
      );
      for (const state of failed) failedAt.add(state.name);
      heal();
      await cloud.redrive(view.arn);
    }
    await meanwhile?.(view);
    const leftMs = Date.parse(view.waitsUntil ?? '') - cloud.cloud.clock.nowMs();
    await cloud.advance(leftMs > 0 ? Math.ceil(leftMs / 1000) : HOUR / 2);
  }
  stop();
  return failedAt;
}

/** Of an execution; maps and waits invoke nothing. */
function tasksOf(name: string): ReadonlySet<string> {
  const tasks = erasures.view(name).states.filter(({ type }) => type === 'Task');
  return new Set(tasks.map((state) => state.name));
}

const hasReminded = ({ states }: ExecutionView) => states.some(({ name }) => name === 'Remind');

async function allAbout(traces: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
  const kinds = ['data', 'keys', 'directory', 'records'] as const;
  const items = (await Promise.all(kinds.map((kind) => cloud.items(kind)))).flat();
  return items
    .filter(({ sk }) => sk !== 'ACT')
    .map((item) => JSON.stringify(item))
    .filter((text) => traces.some((trace) => text.includes(trace)));
}

test('an erasure fails at every state that cannot be done, and goes on there when it is redriven', async () => {
  const [person, bystander] = [await plant(), await plant()];
  const before = await allAbout(bystander.traces);
  const name = await erasures.begin(person.sub);
  // Processors that answer reminders alone, so that those are sent, too.
  const meanwhile = async (view: ExecutionView) => {
    if (hasReminded(view)) await erasures.acknowledgeAll();
  };
  const failedAt = await walk({ functionName: 'domicile-erasure', name, meanwhile });
  expect(erasures.view(name)).toMatchObject({ status: 'SUCCEEDED', redrives: failedAt.size });
  expect(failedAt).toEqual(tasksOf(name));
  expect(failedAt.size).toBeGreaterThan(15);

  const { state, certificateId } = await erasures.requests.load(name);
  expect(state).toBe('completed');
  const certificates = (await cloud.items('records')).filter(({ sk }) => sk === 'CERTIFICATE');
  expect(certificates.map(({ pk }) => pk)).toEqual([`CERTIFICATE#${certificateId}`]);
  expect(cloud.inbox(person.email)).toHaveLength(1);
  expect(await allAbout([person.email, person.identifier])).toEqual([]);
  expect(await allAbout(bystander.traces)).toEqual(before);
}, 120_000);

test('its replay does so, too', async () => {
  await erasures.start('domicile-erasure-replay', {}, 'replay');
  const failedAt = await walk({ functionName: 'domicile-erasure', name: 'replay' });
  expect(failedAt).toEqual(new Set(['Replay']));
  expect(erasures.view('replay')).toMatchObject({
    ...{ status: 'SUCCEEDED', output: { entries: 1, items: 0, keys: 0 } },
  });
}, 60_000);

test('so does an export, which is told of once, and leaves nothing in the end', async () => {
  const exports = createExportRuns(cloud);
  const person = await plant();
  const name = newRequestId();
  await exports.begin(person.sub, name);
  exports.close();
  const answered = new Set<string>();
  const meanwhile = async (view: ExecutionView) => {
    if (!hasReminded(view)) return;
    for (const word of acknowledgementsOf(cloud, name)) {
      if (!answered.has(word)) await answer(cloud, word);
      answered.add(word);
    }
  };
  const workflow = { functionName: 'domicile-export', name };
  const first = await walk({ ...workflow, meanwhile, until: 'WaitExpiry' });
  expect(await keysOf(cloud, name)).toEqual(['export.html', 'export.json']);
  expect(cloud.inbox(person.email)).toHaveLength(1);
  const rest = await walk(workflow);
  expect(erasures.view(name)).toMatchObject({ status: 'SUCCEEDED' });
  expect(new Set([...first, ...rest])).toEqual(tasksOf(name));
  expect(await cloud.objects('exports')).toEqual([]);
}, 120_000);

test('and so does the sealing of hours', async () => {
  const audits = createAudits(cloud);
  await registerApp(cloud);
  await cloud.deliverStreams();
  await cloud.advance(2 * HOUR);
  const { heal, stop } = breakSteps('domicile-audit');
  let run = await audits.run();
  for (let moves = 0; moves < 20 && run.status !== 'SUCCEEDED'; moves += 1) {
    if (run.status === 'FAILED') {
      heal();
      await cloud.redrive(run.arn);
    }
    await cloud.advance(HOUR / 2);
    run = erasures.view(run.name);
  }
  stop();
  expect(run).toMatchObject({ status: 'SUCCEEDED', redrives: 2 });
  expect((await audits.verify()).findings).toEqual([]);
  audits.close();
}, 60_000);
