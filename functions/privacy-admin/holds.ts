/** `/v1/admin/privacy/people/{sub}/holds`: what the law says must not be erased yet (GDPR Art. 17(3)). */
import { HttpError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { Hold, HoldId } from '../core/ports/holds.ts';
import { toIsoTime } from '../core/time.ts';
import { actingOf, createAct } from '../http/acting.ts';
import { readJson } from '../http/json-body.ts';
import { privateJson } from '../http/json-response.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { newId } from './idempotency.ts';
import { BECAUSE, readReasoned } from './input.ts';
import { atHome, type OperatorEndpoint, readId } from './operator.ts';

/** Reasons are read by name: the audit trail tells who did. */
export function createHoldList(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const sub = readId(http, 'sub') as Sub;
    return atHome(deps, http, sub, async () => {
      const holds = await deps.holds.list(sub);
      if (holds === undefined) throw nobody();
      await deps.recordAct(createAct(http, { kind: 'hold.read', actor, sub }));
      return privateJson({ holds: holds.map(toHoldJson) });
    });
  };
}

/**
 * `POST`, 201: from now on the account is not erased. 409 once it is closed. Its reason is sealed
 * and goes with the person: it may name them.
 */
export function createHoldPlacing(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, operator) => {
    const sub = readId(http, 'sub') as Sub;
    const { reason } = readJson(http, BECAUSE);
    const holdId = newId(http, operator, `hold:${sub}`) as HoldId;
    return atHome(deps, http, sub, async () => {
      const acting = actingOf(http, operator.actor);
      const placed = await deps.holds.place(sub, { holdId, reason }, acting);
      if (placed === 'closed') throw new HttpError(409, 'there is no such account any more');
      return privateJson({ holdId }, 201);
    });
  };
}

/**
 * `DELETE …/{holdId}` with the reason, 204. An erasure that waits for it goes on within a day. Why it
 * was placed goes with the person; why it was released is kept with the act.
 */
export function createHoldRelease(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const sub = readId(http, 'sub') as Sub;
    const holdId = readId(http, 'holdId') as HoldId;
    const { reason } = readReasoned(http, BECAUSE);
    return atHome(deps, http, sub, async () => {
      const acting = actingOf(http, actor, reason);
      if (await deps.holds.release(sub, holdId, acting)) return { status: 204 };
      throw new HttpError(404, 'there is no such hold');
    });
  };
}

function toHoldJson({ holdId, reason, placedAt, placedBy }: Hold) {
  return { holdId, reason, placedAt: toIsoTime(placedAt), placedBy };
}

function nobody(): HttpError {
  return new HttpError(404, 'there is no such account');
}
