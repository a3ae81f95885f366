/** Which key may be used, and which is gone by now (KMS Developer Guide, "key states"). */
import { AwsError } from '../types.ts';
import type { Key } from './keys.ts';

const DAY_MS = 86_400_000;

/** Throws DisabledException or KMSInvalidStateException unless the key is enabled. */
export function requireEnabled(key: Key): Key {
  if (key.state === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  return requireNotPending(key);
}

/** Throws KMSInvalidStateException for a key that is on its way to deletion. */
export function requireNotPending(key: Key): Key {
  switch (key.state) {
    case 'PendingDeletion':
      throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
    case 'PendingReplicaDeletion':
      throw new AwsError('KMSInvalidStateException', `${key.arn} is pending replica deletion.`);
    default:
      return key;
  }
}

/** The state of a key scheduled for deletion: a primary waits for the last of its replicas. */
export function pendingDeletion(pendingWindowDays: number, replicas: number, nowMs: number) {
  return replicas > 0
    ? ({ state: 'PendingReplicaDeletion', pendingWindowDays, deletesAtMs: undefined } as const)
    : ({
        state: 'PendingDeletion',
        pendingWindowDays,
        deletesAtMs: nowMs + pendingWindowDays * DAY_MS,
      } as const);
}

/** The keys that are left by now, in the order given; the very same list when nothing has changed. */
export function settleDeletions(keys: ReadonlyArray<Key>, nowMs: number): ReadonlyArray<Key> {
  const isGone = (key: Key) => key.deletesAtMs !== undefined && key.deletesAtMs <= nowMs;
  if (!keys.some(isGone)) return keys;
  const left = keys.filter((key) => !isGone(key));
  return left.map((key) => {
    if (key.state !== 'PendingReplicaDeletion') return key;
    const replicas = keys.filter((one) => one.keyId === key.keyId && one !== key);
    if (replicas.some((one) => left.includes(one))) return key;
    // Its waiting period began when the last replica went, however late that is noticed.
    const lastGoneMs = Math.max(...replicas.map((one) => one.deletesAtMs ?? 0));
    return { ...key, ...pendingDeletion(key.pendingWindowDays ?? 0, 0, lastGoneMs) };
  });
}
