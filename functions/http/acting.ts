import { randomToken } from '../adapters/crypto/hash.ts';
import type { Act, Acting, Actor } from '../core/audit/act.ts';
import { toTruncatedNetwork } from '../core/source-network.ts';
import type { HttpRequest } from './message.ts';

/** What the acts of a request have in common: who, when, from which network. */
export function actingOf(http: HttpRequest, actor: Actor, reason?: string): Acting {
  const from = toTruncatedNetwork(http.sourceAddress);
  return {
    actor,
    ...(reason !== undefined && { reason }),
    ...(from !== undefined && { from }),
    requestId: http.requestId,
    at: http.now,
  };
}

/** One act of a request, under a new random id. */
export function createAct(
  http: HttpRequest,
  { actor, reason, ...what }: Pick<Act, 'kind' | 'actor' | 'sub' | 'object' | 'reason'>,
): Act {
  return { id: randomToken(), ...what, ...actingOf(http, actor, reason) };
}
