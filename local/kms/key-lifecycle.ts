/** DisableKey, EnableKey, ScheduleKeyDeletion. They change one key, not its related ones. */
import { z } from 'zod';
import { keyId, parse } from './input.ts';
import { pendingDeletion, requireNotPending } from './key-states.ts';
import type { KeyStore } from './keys.ts';

/** Of ScheduleKeyDeletion, when the request names none. */
export const DEFAULT_PENDING_WINDOW_DAYS = 30;

const keyInput = z.object({ KeyId: keyId });
const scheduleInput = z.object({
  KeyId: keyId,
  PendingWindowInDays: z.int().min(7).max(30).default(DEFAULT_PENDING_WINDOW_DAYS),
});

export async function disableKey(keys: KeyStore, input: unknown): Promise<object> {
  const key = requireNotPending(keys.require(parse(keyInput, input).KeyId));
  await keys.change(key, { state: 'Disabled' });
  return {};
}

export async function enableKey(keys: KeyStore, input: unknown): Promise<object> {
  const key = requireNotPending(keys.require(parse(keyInput, input).KeyId));
  await keys.change(key, { state: 'Enabled' });
  return {};
}

/** The key is useless at once, and gone for good when the shared clock says so. */
export async function scheduleKeyDeletion(keys: KeyStore, input: unknown): Promise<object> {
  const { KeyId, PendingWindowInDays } = parse(scheduleInput, input);
  const key = requireNotPending(keys.require(KeyId));
  const replicas = key.multiRegion === 'PRIMARY' ? keys.family(key).length - 1 : 0;
  const pending = pendingDeletion(PendingWindowInDays, replicas, keys.nowMs());
  await keys.change(key, pending);
  return {
    KeyId: key.arn,
    KeyState: pending.state,
    PendingWindowInDays,
    ...(pending.deletesAtMs !== undefined && { DeletionDate: pending.deletesAtMs / 1000 }),
  };
}
