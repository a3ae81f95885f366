import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Erasures } from '../../core/ports/erasures.ts';
import type { PrivacyRequest, PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { hashSecret } from '../crypto/hash.ts';
import { close } from './account-status.ts';
import { noteOnRequest } from './privacy-request-moves.ts';
import type { PrivacyRequestStore } from './privacy-requests.ts';

interface ErasuresDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly recordsTable: string;
  readonly requests: Pick<PrivacyRequestStore, 'find' | 'move'>;
}

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

    async commit({ requestId, sub }, now) {
      const act = actOf('account.closed', { requestId, sub }, now);
      const committedAt = { N: String(now) };
      return requests.move(
        requestId,
        {
          from: ['grace', 'held'],
          to: 'erasing',
          now,
          set: { 'facts.committedAt': committedAt },
        },
        [close(dataTable, { sub, requestId, now, act })],
      );
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

/** Its id follows from the request, so that a state that is repeated tells of it once. */
function actOf(
  kind: Act['kind'],
  { requestId, sub }: Pick<PrivacyRequest, 'requestId' | 'sub'>,
  at: EpochSeconds,
): Act {
  const id = hashSecret(`${requestId}:${kind}`).slice(0, 22);
  return { id, kind, actor: { type: 'system', name: 'erasure' }, sub, object: requestId, at };
}
