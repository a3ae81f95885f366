/** Runs tasks strictly one after another, in the order they were handed in. */
export type WriteQueue = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * AWS answers two transactions that meet on one item with TransactionConflict, and single writes
 * serialise. Here everything serialises: a waiting writer costs well under a millisecond, and what
 * a conflict would do to a function can be injected as a fault.
 */
export function createWriteQueue(): WriteQueue {
  let tail: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = tail.then(task);
    tail = run.catch(() => undefined);
    return run;
  };
}
