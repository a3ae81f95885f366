import type { Cloud } from '../../local/cloud.ts';

/** As many as a process keeps for the files that it has yet to run. */
const CAPACITY = 8;
/** Oldest first, with the kind of cloud that each is. */
const kept: Array<{ readonly kind: string; readonly cloud: Cloud }> = [];

/** A cloud of this kind that an earlier file of this process has left, reset. */
export function takeKept(kind: string): Cloud | undefined {
  const at = kept.findIndex((one) => one.kind === kind);
  return at < 0 ? undefined : kept.splice(at, 1)[0]?.cloud;
}

/** Resets a cloud for whoever needs one of this kind next; closes the oldest beyond what is kept. */
export async function keep(kind: string, cloud: Cloud): Promise<void> {
  try {
    await cloud.reset();
  } catch (error) {
    await cloud.close();
    throw error;
  }
  kept.push({ kind, cloud });
  if (kept.length > CAPACITY) await kept.shift()?.cloud.close();
}
