import type { Acting } from '../../functions/core/audit/act.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

/** Where it does not matter who acts. */
export function actingAt(at: EpochSeconds): Acting {
  return { actor: { type: 'anonymous' }, at };
}
