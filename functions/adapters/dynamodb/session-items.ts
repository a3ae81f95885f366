import type { SessionId, Sub } from '../../core/ids.ts';
import { type Item, userPartition } from './account-items.ts';

export const SESSION_PREFIX = 'SESSION#';

export function sessionKey(session: { readonly sub: Sub; readonly sessionId: SessionId }): Item {
  return {
    pk: { S: userPartition(session.sub) },
    sk: { S: SESSION_PREFIX + session.sessionId },
  };
}

export function sessionIdOf(item: Item): SessionId {
  return (item['sk']?.S ?? '').slice(SESSION_PREFIX.length) as SessionId;
}

export function isSession(item: Item): boolean {
  return item['sk']?.S?.startsWith(SESSION_PREFIX) === true;
}
