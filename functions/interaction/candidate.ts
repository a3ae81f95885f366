/** Who may be signing in: before the password is compared, the attempt is counted. */
import { findKnownDevice } from '../browser/known-devices.ts';
import type { HashedIdentifier, IdentifierHash, Sub } from '../core/ids.ts';
import type { SignInRecord } from '../core/ports/accounts.ts';
import type { AttemptsOf } from '../core/ports/attempts.ts';
import type { EpochSeconds } from '../core/time.ts';
import { actingOf } from '../http/acting.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Interaction } from './dependencies.ts';

/** Whose password is compared, and what the attempt was counted by. */
interface Candidate {
  /** Of this cell: what becomes of a wrong password depends on it. */
  readonly isResident: boolean;
  readonly record: SignInRecord | undefined;
  readonly attempts: AttemptsOf;
}

/** Counts the attempt before anything is compared; an unknown address makes the same calls. */
export async function findCandidate(
  deps: Interaction,
  http: HttpRequest,
  address: HashedIdentifier,
): Promise<Candidate | { readonly lockedUntil: EpochSeconds }> {
  const identifier = address.current;
  const device = await findKnownDevice(deps, http, identifier);
  const attempts = device === undefined ? { identifier } : { identifier, device: device.id };
  // Who it is, nobody knows before it has succeeded.
  const acting = actingOf(http, { type: 'anonymous' });
  const [pointed, reservation] = await Promise.all([
    deps.directory.findResident(address),
    deps.attempts.reserve(attempts, http.now, acting),
  ]);
  if (pointed !== undefined) noteSubject(http, { sub: pointed.sub });
  if (reservation.outcome === 'locked') return { lockedUntil: reservation.until };
  const isResident = pointed !== undefined;
  const record = await deps.accounts.findForSignIn(pointed?.sub ?? decoyOf(identifier));
  if (device === undefined || device.passwordChangedAt === record?.passwordChangedAt) {
    return { isResident, record, attempts };
  }
  // Who knew an earlier password is a stranger, and counted among them: old cookies must not
  // multiply the tries.
  const among = await deps.attempts.reserve({ identifier }, http.now, acting);
  if (among.outcome === 'locked') return { lockedUntil: among.until };
  return { isResident, record, attempts: { identifier } };
}

/** A person who does not exist: looked for all the same, so that the same calls are made. */
function decoyOf(identifier: IdentifierHash): Sub {
  return `decoy-${identifier}` as Sub;
}
