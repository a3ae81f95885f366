/** Authorization requests that were pushed before: RFC 9126 §4. */
import type { AuthorizationRequest } from '../core/authorization-request.ts';
import type { Client } from '../core/client.ts';
import { CellAwayError, UnavailableError } from '../core/errors.ts';
import type { CellMessage } from '../core/ports/cell-calls.ts';
import { type PushedReference, readRequestUri } from '../core/pushed-request.ts';
import { isRegisteredRedirectUri } from '../core/redirect-uri.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { Interaction } from './dependencies.ts';

type Deps = Pick<Interaction, 'cells' | 'cellCalls' | 'pushedRequests'>;

/**
 * The request behind a `request_uri`, used up by this. One that was pushed to another cell is
 * fetched from there, since the browser is where its session is. Undefined when it is unknown,
 * expired, used up or another client's. Throws UnavailableError when its cell is away.
 */
export async function openPushedRequest(
  deps: Deps,
  requestUri: string,
  client: Client,
  now: EpochSeconds,
): Promise<AuthorizationRequest | undefined> {
  const reference = readRequestUri(requestUri);
  if (reference === undefined) return undefined;
  const request = await consume(deps, reference, client, now);
  // The registration may have changed since.
  if (request === undefined || !isRegisteredRedirectUri(client.redirectUris, request.redirectUri)) {
    return undefined;
  }
  // It arrives now: a session that began since it was pushed is no answer to `prompt=login`.
  return { ...request, requestedAt: now };
}

/**
 * For who has opened it and could not be answered, so that trying again finds it. The answer is a
 * failure in any case: where this fails too, it stays used up.
 */
export async function putBackPushedRequest(
  { cells, cellCalls, pushedRequests }: Deps,
  requestUri: string,
  { clientId }: Client,
): Promise<void> {
  const pushed = readRequestUri(requestUri);
  if (pushed === undefined) return;
  const { cell, reference } = pushed;
  try {
    if (cell === cells.own.name) await pushedRequests.putBack(reference, clientId);
    else await cellCalls.tell(cell, { kind: 'put-back-pushed-request', reference, clientId });
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
  }
}

async function consume(
  { cells, cellCalls, pushedRequests }: Deps,
  { cell, reference }: PushedReference,
  { clientId }: Client,
  now: EpochSeconds,
): Promise<AuthorizationRequest | undefined> {
  if (cell === cells.own.name) return pushedRequests.consume(reference, clientId, now);
  if (cells.find(cell) === undefined) return undefined;
  const message = { kind: 'consume-pushed-request', reference, clientId } as const;
  const answer = await cellCalls.tell(cell, message);
  if (typeof answer !== 'object' || answer === null || !('request' in answer)) {
    throw new CellAwayError(cell, new Error('it does not answer what was asked'));
  }
  // Written by the same code over there.
  return (answer.request ?? undefined) as AuthorizationRequest | undefined;
}

/** What another cell is answered that asks for a request which was pushed here. */
export async function answerForPushedRequest(
  { pushedRequests }: Pick<Interaction, 'pushedRequests'>,
  message: Extract<CellMessage, { kind: 'consume-pushed-request' }>,
  now: EpochSeconds,
): Promise<{ readonly request: AuthorizationRequest | null }> {
  const request = await pushedRequests.consume(message.reference, message.clientId, now);
  return { request: request ?? null };
}
