import { z } from 'zod';
import { effectiveInput, select } from './data-flow.ts';
import type { Definition, MapState, ParallelState } from './definition.ts';
import { requireAt } from './paths.ts';
import { fillTemplate } from './payload-template.ts';
import { branchPrefix } from './recovering.ts';
import type { RunStates, Visit } from './run.ts';
import { StatesError } from './states-error.ts';

/** What AWS runs side by side of a Map that sets no limit. */
const DEFAULT_CONCURRENCY = 40;

export async function runParallel(
  state: ParallelState,
  visit: Visit,
  runStates: RunStates,
): Promise<unknown> {
  visit.run.journal.event('ParallelStateStarted');
  const input = effectiveInput(state, visit.scope);
  const branches = state.Branches.map((definition) => ({ definition, input, context: {} }));
  const outputs = await runAll(branches, branches.length, visit, runStates);
  visit.run.journal.event('ParallelStateSucceeded');
  return outputs;
}

export async function runMap(
  state: MapState,
  visit: Visit,
  runStates: RunStates,
): Promise<unknown> {
  const { scope } = visit;
  const data = select(state.InputPath, scope);
  const found =
    state.ItemsPath === undefined ? data : requireAt(state.ItemsPath, { ...scope, data });
  const items = z.array(z.unknown()).safeParse(found);
  if (!items.success) {
    throw new StatesError('States.Runtime', 'The items of the Map state are no array');
  }
  visit.run.journal.event('MapStateStarted', {
    mapStateStartedEventDetails: { length: items.data.length },
  });
  const branches = items.data.map((Value, Index) => {
    const context = { Map: { Item: { Index, Value } } };
    const itemScope = { data, context: { ...Object(scope.context), ...context } };
    const { ItemSelector, Parameters = ItemSelector } = state;
    const input = Parameters === undefined ? Value : fillTemplate(Parameters, itemScope);
    return { definition: state.ItemProcessor, input, context };
  });
  const outputs = await runAll(
    branches,
    state.MaxConcurrency || DEFAULT_CONCURRENCY,
    visit,
    runStates,
  );
  visit.run.journal.event('MapStateSucceeded');
  return outputs;
}

interface Branch {
  readonly definition: Definition;
  readonly input: unknown;
  /** Added to the context object. */
  readonly context: object;
}

/** When one fails, the others are halted where they stand. */
async function runAll(
  branches: ReadonlyArray<Branch>,
  concurrency: number,
  visit: Visit,
  runStates: RunStates,
): Promise<ReadonlyArray<unknown>> {
  const { run } = visit;
  const { activity } = run.tools;
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal]);
  const outputs: Array<unknown> = [];
  const waiting = [...branches.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { definition, input, context }] = next;
      const branchRun = { ...run, signal, context: { ...run.context, ...context } };
      outputs[index] = await runStates(
        branchRun,
        definition,
        `${branchPrefix(visit)}${index}].`,
        input,
      );
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, branches.length) }, () =>
    activity.run(work).catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  const ends = await activity.park(Promise.allSettled(workers));
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  // The branches that were halted because of it reject too.
  const reason = reasons.find((one) => one instanceof StatesError) ?? reasons[0];
  if (reason !== undefined) throw reason;
  return outputs;
}
