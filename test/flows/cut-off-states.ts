/**
 * Which matrix cuts a workflow's state off, before and after each AWS call that it makes. Each asserts
 * that it has cut off those that are entered for it; `test/infra/functions.test.ts` that all are entered.
 */
import type { ExecutionView } from '../../local/states/answers.ts';

type Matrix = 'erasure-crashes' | 'erasure-faults' | 'export-crashes';

/** Reads the policy beside the function: nothing to be cut off at. It can fail to be invoked, though. */
const NO_CALL = 'workflow-faults';

/** By machine and Task state. */
export const CUT_OFF_BY: Readonly<
  Record<string, Readonly<Record<string, Matrix | typeof NO_CALL>>>
> = {
  'domicile-export': {
    Begin: 'export-crashes',
    BeginLate: 'export-crashes',
    Admit: 'export-crashes',
    Collect: 'export-crashes',
    CollectElsewhere: 'export-crashes',
    ReleaseSlot: 'export-crashes',
    ListProcessors: NO_CALL,
    TellProcessor: 'export-crashes',
    Remind: 'export-crashes',
    CollectAnswers: 'export-crashes',
    Assemble: 'export-crashes',
    Notify: 'export-crashes',
    Expire: 'export-crashes',
  },
  'domicile-erasure': {
    Begin: 'erasure-crashes',
    Commit: 'erasure-crashes',
    Admit: 'erasure-crashes',
    Record: 'erasure-crashes',
    Prepare: 'erasure-crashes',
    DestroyKey: 'erasure-crashes',
    CountItems: 'erasure-crashes',
    DeleteItems: 'erasure-crashes',
    ReleaseSlot: 'erasure-crashes',
    Quarantine: 'erasure-crashes',
    ListProcessors: NO_CALL,
    TellProcessor: 'erasure-faults',
    Remind: 'erasure-faults',
    Certify: 'erasure-crashes',
    Notify: 'erasure-crashes',
    AwaitQuarantine: 'erasure-crashes',
    ReleaseIdentifier: 'erasure-crashes',
    StartAnother: 'erasure-faults',
  },
  'domicile-erasure-replay': { Replay: 'erasure-faults' },
  'domicile-audit': { Seal: 'erasure-faults', Archive: 'erasure-faults' },
};

/** Of a machine: what a matrix has to have cut off, in alphabetical order. */
export function statesOf(machine: string, matrix: Matrix): ReadonlyArray<string> {
  const states = Object.entries(CUT_OFF_BY[machine] ?? {});
  return states.flatMap(([name, by]) => (by === matrix ? [name] : [])).toSorted();
}

/** Task states that an execution failed at: with nothing else in its way, where it was cut off. */
export function failedStatesOf(runs: ReadonlyArray<ExecutionView>): ReadonlyArray<string> {
  const failed = runs.flatMap(({ states }) =>
    states.filter(({ type, status }) => type === 'Task' && status === 'failed'),
  );
  return [...new Set(failed.map(({ name }) => name))].toSorted();
}
