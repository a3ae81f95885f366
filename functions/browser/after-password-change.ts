import type { SignIns } from '../core/ports/sign-ins.ts';
import type { Session } from '../core/session.ts';
import type { CountedEvent } from '../environment.ts';
import { actingOf } from '../http/acting.ts';
import type { HttpRequest } from '../http/message.ts';
import { tellPasswordChanged } from './password-change-notice.ts';

type ConclusionDeps = Parameters<typeof tellPasswordChanged>[0] & {
  readonly signIns: Pick<SignIns, 'endOthers'>;
};

/**
 * Once a new password is written: signs everybody else out and tells the owner, side by side, so
 * that neither a busy mail service nor a flood of sessions hides the one from the other. Returns the
 * events to count. Throws UnavailableError when somebody may still be signed in; "sign out
 * everywhere else" in the portal finishes it then.
 */
export async function concludePasswordChange(
  deps: ConclusionDeps,
  http: HttpRequest,
  session: Session,
  owner: Parameters<typeof tellPasswordChanged>[2],
): Promise<ReadonlyArray<CountedEvent>> {
  const telling = tellPasswordChanged(deps, http, owner);
  const acting = actingOf(http, { type: 'person', sub: session.sub });
  await deps.signIns.endOthers(session, acting).finally(() => telling);
  return telling;
}
