import type { NewSession } from '../core/session.ts';
import { describeUserAgent } from '../core/user-agent.ts';
import type { HttpRequest } from '../http/message.ts';

/** What a session that begins with this request is labelled with. */
export function labelOf(http: HttpRequest): Pick<NewSession, 'userAgent'> {
  const userAgent = describeUserAgent(http.headers.get('user-agent') ?? '');
  return userAgent === undefined ? {} : { userAgent };
}
