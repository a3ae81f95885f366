import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Erasures } from '../../core/ports/erasures.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { derivedId } from '../crypto/hash.ts';
import { accountKey } from './account-items.ts';
import { close, decodeErasure, tellOfStranded } from './account-status.ts';
import { noteOnRequest } from './privacy-request-moves.ts';
import type { PrivacyRequestStore } from './privacy-requests.ts';
import { sendDynamo } from './send.ts';

interface ErasuresDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly recordsTable: string;
  readonly requests: Pick<PrivacyRequestStore, 'find' | 'move' | 'release'>;
}

/** States from which an account is closed. */
const OPEN = ['grace', 'held'] as const;

export function createErasures(deps: ErasuresDeps): Erasures {
  const { dataTable, requests } = deps;

  async function find(requestId: PrivacyRequestId): Promise<PrivacyRequest | undefined> {
    const request = await requests.find(requestId);
    if (request !== undefined && request.kind !== 'erasure') {
      throw new InvariantError('the request is no erasure');
    }
    return request;
  }

  return {
    find,

    async load(requestId) {
      const request = await find(requestId);
      if (request === undefined) throw new InvariantError('there is no such erasure');
      return request;
    },

    async commit(request, now) {
      const { requestId, sub } = request;
      const act = actOf('account.closed', request, now);
      const closing = close(dataTable, { sub, requestId, now, act });
      const closed = { ...closedAt(now), from: OPEN };
      if (await requests.move(requestId, closed, [closing])) return true;
      const standing = await findStanding(deps, request);
      if (standing === 'stranded') await endStranded(deps, request, now);
      return standing === 'gone' && requests.move(requestId, closed);
    },

    move: (requestId, move) => requests.move(requestId, move),

    async note(requestId, facts) {
      const set = Object.fromEntries(
        Object.entries(marshall(facts, { removeUndefinedValues: true })).map(([name, value]) => [
          `facts.${name}`,
          value,
        ]),
      );
      await noteOnRequest(deps, requestId, { set });
    },
  };
}

function closedAt(now: EpochSeconds) {
  return { to: 'erasing', now, set: { 'facts.committedAt': { N: String(now) } } } as const;
}

/**
 * Records and accounts are written together, and may be restored apart. `gone`: closed by this
 * request, or deleted: what is left is erased as it was asked for. `stranded`: of this request the
 * account knows nothing; to close it would be to erase somebody who may have chosen to stay.
 */
async function findStanding(
  { dynamo, dataTable }: ErasuresDeps,
  { requestId, sub }: PrivacyRequest,
): Promise<'erasing' | 'gone' | 'stranded'> {
  const command = new GetItemCommand({
    TableName: dataTable,
    Key: accountKey(sub),
    ConsistentRead: true,
  });
  const { Item: account } = await sendDynamo(dynamo, command);
  if (account === undefined) return 'gone';
  if (decodeErasure(account).erasure?.requestId !== requestId) return 'stranded';
  return account['status']?.S === 'closed' ? 'gone' : 'erasing';
}

/** Nobody waits for a hold that does not stand: the person has to be asked again. */
async function endStranded(
  { dataTable, requests }: ErasuresDeps,
  request: PrivacyRequest,
  now: EpochSeconds,
): Promise<void> {
  const { requestId, sub } = request;
  // First: a repetition finds the request undone, and looks no further.
  await requests.release(request);
  const act = actOf('erasure.undone', request, now);
  await requests.move(requestId, { from: OPEN, to: 'undone', now }, [
    tellOfStranded(dataTable, { sub, requestId, act }),
  ]);
}

/** Its id follows from the request, so that a state that is repeated tells of it once. */
function actOf(
  kind: Act['kind'],
  { requestId, sub }: Pick<PrivacyRequest, 'requestId' | 'sub'>,
  at: EpochSeconds,
): Act {
  const id = derivedId(requestId, kind);
  return { id, kind, actor: { type: 'system', name: 'erasure' }, sub, object: requestId, at };
}
