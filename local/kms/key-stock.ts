/** RSA keys of this process, which every vault hands out from the first on. */
import type { KeyObject } from 'node:crypto';
import { generateKey, type KeySpec } from './key-material.ts';

export interface KeyStock {
  /** Material that this vault has not handed out since it was opened or rewound. */
  draw(spec: KeySpec): Promise<KeyObject>;
  /** How much was handed out. */
  position(): number;
  rewind(position: number): void;
}

/** To make one takes as long as forty calls of functions: clouds of one process need not differ in it. */
const made: Array<Promise<KeyObject>> = [];

/** `isKnown`: what the vault has from a process before, or from another vault of this one. */
export function openKeyStock(isKnown: (key: KeyObject) => boolean): KeyStock {
  let next = 0;
  async function drawRsa(): Promise<KeyObject> {
    const index = next;
    next += 1;
    const making = made[index] ?? generateKey('RSA_2048');
    made[index] = making;
    // What could not be made is tried again by whoever comes next.
    making.catch(() => delete made[index]);
    const key = await making;
    return isKnown(key) ? drawRsa() : key;
  }
  return {
    draw: (spec) => (spec === 'RSA_2048' ? drawRsa() : generateKey(spec)),
    position: () => next,
    rewind: (position) => {
      next = position;
    },
  };
}
