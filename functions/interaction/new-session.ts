import { randomToken } from '../adapters/crypto/hash.ts';
import { labelOf } from '../browser/browser-label.ts';
import type { SessionId, Sub } from '../core/ids.ts';
import type { NewSession } from '../core/session.ts';
import { addSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';

/** The session of somebody who has just given their password (RFC 8176 `pwd`). */
export function newSession(
  { settings }: Pick<Interaction, 'settings'>,
  http: HttpRequest,
  sub: Sub,
  sessionId: SessionId = randomToken() as SessionId,
): NewSession {
  return {
    sessionId,
    sub,
    authTime: http.now,
    amr: ['pwd'],
    createdAt: http.now,
    lastSeenAt: http.now,
    absoluteExpiresAt: addSeconds(http.now, settings.sessionAbsoluteLifetimeSeconds),
    ...labelOf(http),
  };
}
