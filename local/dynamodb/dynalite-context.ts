import type { Clock } from '../types.ts';
import type { Change, Origin } from './engine.ts';
import type { WriteQueue } from './write-queue.ts';

/** Everything that one store's operations share. */
export interface DynaliteContext {
  readonly store: Dynalite.Store;
  readonly queue: WriteQueue;
  readonly clock: Clock;
  readonly publish: (changes: ReadonlyArray<Change>, origin?: Origin) => void;
}
