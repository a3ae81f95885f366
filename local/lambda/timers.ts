import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';

/** Timers that modules have set in this thread. */
export interface Timers {
  /** None of them ends any more. */
  clear(): void;
}

const KINDS = ['setTimeout', 'setInterval'] as const;

/** Also those that keep nothing alive, of which no list of Node's tells. */
export function followTimers(): Timers {
  let all: Array<WeakRef<NodeJS.Timeout>> = [];
  for (const kind of KINDS) {
    const followed = new Proxy(globalThis[kind], {
      apply: (target, self, values) => {
        const timer: NodeJS.Timeout = Reflect.apply(target, self, values);
        all.push(new WeakRef(timer));
        return timer;
      },
    });
    Object.assign(globalThis, { [kind]: followed });
    Object.assign(timers, { [kind]: followed });
  }
  syncBuiltinESMExports();
  return {
    clear() {
      for (const timer of all) timer.deref()?.close();
      all = [];
    },
  };
}
