/** Exports that an administrator asks for on somebody's behalf, who is told when it is ready. */
import { HttpError } from '../core/errors.ts';
import type { Sub } from '../core/ids.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { actingOf } from '../http/acting.ts';
import type { HttpRequest } from '../http/message.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import type { Operator } from './operator.ts';

export interface ExportOnBehalf {
  readonly requestId: PrivacyRequestId;
  readonly sub: Sub;
  readonly reason: string;
}

/** The one under way, if there is one. Throws HttpError 409 without an active account. */
export async function exportOnBehalf(
  { exports, exportRuns }: PrivacyAdmin,
  http: HttpRequest,
  { actor }: Operator,
  { requestId: name, sub, reason }: ExportOnBehalf,
): Promise<PrivacyRequest> {
  const running = await exports.findRunning(sub);
  if (running !== undefined) return running.request;
  // First, so that no request is ever left without its workflow.
  const requestId = await exportRuns.start(name);
  const acting = actingOf(http, actor, reason);
  // A password's hash is for nobody but the person.
  const asked = await exports.ask({ requestId, sub, withCredentials: false, acting });
  if (asked.outcome === 'refused') {
    throw new HttpError(409, 'there is no active account of this sub');
  }
  return asked.request;
}
