import type { AuthorizationRequest } from '../authorization-request.ts';
import type { ClientId } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** Authorization requests that clients left with us before they send the browser (RFC 9126). */
export interface PushedRequests {
  /**
   * One write. Returns the reference that alone finds and opens it. Whom the app expects
   * (`login_hint`, `id_token_hint`) is in the reference, encrypted, and not in what is stored.
   */
  push(request: AuthorizationRequest, expiresAt: EpochSeconds): Promise<string>;
  /**
   * One conditional write. Undefined when it is unknown, expired, used up or another client's, which
   * can go on using it.
   */
  consume(
    reference: string,
    clientId: ClientId,
    now: EpochSeconds,
  ): Promise<AuthorizationRequest | undefined>;
  /**
   * Undoes the use of who has consumed it and could not be answered. One conditional write; nothing
   * happens where there is none to undo.
   */
  putBack(reference: string, clientId: ClientId): Promise<void>;
}
