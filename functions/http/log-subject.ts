import type { CellName } from '../core/cells.ts';
import type { ClientId, Sub } from '../core/ids.ts';
import type { HttpRequest } from './message.ts';

/** Whom a request was about, by opaque ids that are known to be ours; never what was typed. */
interface LogSubject {
  readonly clientId?: ClientId;
  readonly sub?: Sub;
  /** The cell that gave the answer instead of this one. */
  readonly forwardedTo?: CellName;
  /** The cell that could not be told of something in time; the answer did not wait for it. */
  readonly untold?: CellName;
  /** SES had not taken the mail when the page was answered, which does not say so. */
  readonly isMailUnconfirmed?: true;
}

const subjects = new WeakMap<HttpRequest, LogSubject>();

/** For the request's log line, whether it succeeds or fails from here on. Nothing else reads it. */
export function noteSubject(request: HttpRequest, subject: LogSubject): void {
  subjects.set(request, { ...subjects.get(request), ...subject });
}

/** Nothing here is known of them: what people do elsewhere, no log of this cell tells. */
export function forgetPerson(request: HttpRequest): void {
  const { sub: _, ...rest } = subjects.get(request) ?? {};
  subjects.set(request, rest);
}

export function subjectOf(request: HttpRequest | undefined): LogSubject {
  return (request && subjects.get(request)) ?? {};
}
