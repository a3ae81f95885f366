/** Something to undo when the cloud ends, or when its start fails halfway. */
export type Closer = () => Promise<unknown> | unknown;

/** Newest first; one that fails does not keep the others from closing. */
export async function closeAll(closers: ReadonlyArray<Closer>): Promise<void> {
  const failures: Array<unknown> = [];
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
}
