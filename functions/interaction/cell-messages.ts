/** What this cell's interaction function does when another cell asks, and what it asks of others. */
import type { Cells } from '../core/cells.ts';
import { InvariantError } from '../core/errors.ts';
import { type ClientId, type IdentifierHash, isId, type Sub } from '../core/ids.ts';
import type { CellCalls, CellMessage } from '../core/ports/cell-calls.ts';
import type { Directory, LapsedClaim } from '../core/ports/directory.ts';
import type { PushedRequests } from '../core/ports/pushed-requests.ts';
import { isPushedReference } from '../core/pushed-request.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { AnswerCellMessage } from '../http/cell-messages.ts';
import { type KnownAddressDeps, tellKnownAddress } from './known-address.ts';
import { answerForPushedRequest } from './pushed-request.ts';

interface MessageDeps extends KnownAddressDeps {
  readonly directory: Pick<Directory, 'settle'>;
  readonly pushedRequests: PushedRequests;
}

/** Answers with nothing where what was done shows in the directory, or in a mailbox. */
export function createCellMessages(deps: MessageDeps): AnswerCellMessage {
  return async (message, { now }) => {
    const known = readMessage(message);
    switch (known.kind) {
      case 'settle-claim':
        return deps.directory.settle(known);
      case 'address-known':
        return tellKnownAddress(deps, known, now);
      case 'consume-pushed-request':
        return answerForPushedRequest(deps, known, now);
      case 'put-back-pushed-request':
        return deps.pushedRequests.putBack(known.reference, known.clientId);
    }
  };
}

/** Asks a claim's home whether its account exists; see `Directory.settle`. */
export async function settleAtHome(
  { cells, cellCalls, directory }: { cells: Cells; cellCalls: CellCalls } & MessageDirectory,
  { cell, identifier, sub, pendingUntil }: LapsedClaim,
): Promise<void> {
  const claim = { identifier, sub, pendingUntil };
  if (cell === cells.own.name) return directory.settle(claim);
  await cellCalls.tell(cell, { kind: 'settle-claim', ...claim });
}

type MessageDirectory = Pick<MessageDeps, 'directory'>;

/** It comes from our own code, of this version or the next. */
function readMessage(message: unknown): CellMessage {
  const members = readMembers(message);
  const { kind, email, locales, identifier, sub, pendingUntil, reference, clientId } = members;
  if (kind === 'address-known' && typeof email === 'string') {
    return { kind, email, locales: Array.isArray(locales) ? locales.filter(isText) : [] };
  }
  if (
    kind === 'settle-claim' &&
    isText(identifier) &&
    isText(sub) &&
    Number.isInteger(pendingUntil)
  ) {
    return {
      kind,
      identifier: identifier as IdentifierHash,
      sub: sub as Sub,
      pendingUntil: Number(pendingUntil) as EpochSeconds,
    };
  }
  if (isOfPushedRequest(kind) && isReference(reference) && isText(clientId) && isId(clientId)) {
    return { kind, reference, clientId: clientId as ClientId };
  }
  throw new InvariantError('a message of no known kind');
}

function isOfPushedRequest(
  kind: unknown,
): kind is 'consume-pushed-request' | 'put-back-pushed-request' {
  return kind === 'consume-pushed-request' || kind === 'put-back-pushed-request';
}

function readMembers(message: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof message === 'object' && message !== null ? { ...message } : {};
}

function isReference(value: unknown): value is string {
  return isText(value) && isPushedReference(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
