import type { ExecutionView } from '../local/states/answers.ts';
import type { CallRecord } from '../local/types.ts';
import { createErasures } from '../test/flows/erasures.ts';
import { createPlanting } from '../test/flows/planted-people.ts';
import type { TestCloud } from '../test/harness/cloud.ts';
import { costOfCall, type Priced } from './cost.ts';
import { startFunctionProcess } from './function-process.ts';
import { costOf } from './prices.ts';
import { EXPORT } from './privacy-export.ts';
import type { Rows } from './report.ts';
import { readPriced } from './reported-flows.ts';

/** A right of people that a workflow carries out. */
export interface PrivacyWork {
  readonly name: string;
  /** Function that does its states. */
  readonly function: string;
  /** Somebody with so many items; what is answered carries it out for them, to its end. */
  readonly prepare: (cloud: TestCloud, items: number) => Promise<() => Promise<ExecutionView>>;
}

export interface PrivacyReport {
  readonly name: string;
  readonly items: number;
  /** AWS calls of its function. */
  readonly calls: number;
  readonly transitions: number;
  /** Most memory that the function's process has held. */
  readonly peakMiB: number;
  /** US dollars. */
  readonly cost: number;
}

/** The second is ten times the first: what is linear costs ten times as much. */
export const PERSON_ITEMS = [1000, 10_000] as const;

/** MiB that the functions of workflows may take. */
export const PEAK_LIMIT_MIB = 256;

const ERASURE: PrivacyWork = {
  name: 'erasure',
  function: 'domicile-erasure',
  prepare: async (cloud, items) => {
    const erasures = createErasures(cloud);
    const { plant } = createPlanting(cloud, erasures.dynamo, 'eu');
    const { sub } = await plant(items);
    return async () => {
      const run = await erasures.finish(await erasures.ask(sub, 0));
      erasures.close();
      return run;
    };
  },
};

export const PRIVACY_WORKS: ReadonlyArray<PrivacyWork> = [ERASURE, EXPORT];

/** In a process of its own, so that the memory is the function's. The cloud is of no use afterwards. */
export async function measurePrivacy(
  cloud: TestCloud,
  works: ReadonlyArray<PrivacyWork> = PRIVACY_WORKS,
): Promise<ReadonlyArray<PrivacyReport>> {
  const priced = await readPriced(cloud);
  const reports: Array<PrivacyReport> = [];
  for (const work of works) {
    const pool = cloud.cloud.infrastructure.functions.requireByName(work.function);
    const process = await startFunctionProcess(cloud, pool);
    for (const items of PERSON_ITEMS) {
      const carryOut = await work.prepare(cloud, items);
      const seq = cloud.mark();
      const before = process.invocations.length;
      const run = await carryOut();
      if (run.status !== 'SUCCEEDED') throw new Error(`${work.name} has ended as ${run.status}`);
      const calls = cloud.calls(seq).filter(({ requestId }) => requestId === undefined);
      const spent = process.invocations.slice(before);
      reports.push({
        ...{ name: work.name, items, transitions: run.states.length },
        calls: calls.filter(isOfTheWork).length,
        peakMiB: Math.max(...spent.map(({ peakMiB }) => peakMiB)),
        cost: costOfRun(calls.filter(isOfTheWork), run.states.length, spent, priced),
      });
    }
    process.end();
  }
  return reports;
}

/** Beside what begins it, which is the operator's. */
function isOfTheWork({ service, operation }: CallRecord): boolean {
  return service !== 'lambda' && !(service === 'states' && operation === 'StartExecution');
}

function costOfRun(
  calls: ReadonlyArray<CallRecord>,
  transitions: number,
  spent: ReadonlyArray<{ readonly durationMs: number }>,
  priced: Priced,
): number {
  const gigabytes = PEAK_LIMIT_MIB / 1024;
  const seconds = spent.reduce((sum, { durationMs }) => sum + durationMs / 1000, 0);
  return [
    ...calls.map((call) => costOfCall(call, priced)),
    costOf('statesTransition', transitions),
    costOf('lambdaRequest', spent.length),
    costOf('lambdaGigabyteSecond', gigabytes * seconds),
  ].reduce((sum, cost) => sum + cost, 0);
}

export function privacyRows(reports: ReadonlyArray<PrivacyReport>): Rows {
  return [
    ['request', 'items of the person', 'AWS calls', 'transitions', 'peak memory', '$ each'],
    ...reports.map(({ name, items, calls, transitions, peakMiB, cost }) => [
      ...[name, String(items), String(calls), String(transitions)],
      `${Math.round(peakMiB)} MiB (${PEAK_LIMIT_MIB})`,
      cost.toFixed(4),
    ]),
  ];
}

/** What is over, in words: calls that grow faster than the items, memory beyond the function's. */
export function privacyOverruns(reports: ReadonlyArray<PrivacyReport>): ReadonlyArray<string> {
  const [few, many] = PERSON_ITEMS;
  return reports.flatMap(({ name, items, calls, peakMiB }) => {
    const small = reports.find((one) => one.name === name && one.items === few)?.calls ?? 0;
    const isSuperlinear = items === many && calls > small * (many / few);
    return [
      ...(isSuperlinear ? [`${name}: ${calls} calls for ${many} items, ${small} for ${few}`] : []),
      ...(peakMiB > PEAK_LIMIT_MIB ? [`${name}: ${Math.round(peakMiB)} MiB`] : []),
    ];
  });
}
