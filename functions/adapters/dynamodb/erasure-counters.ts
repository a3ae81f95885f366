import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PersonCounters } from '../../core/ports/erasures.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { attemptsPartition } from './attempts.ts';
import { writeBatches } from './batch-write.ts';
import { hashesOf } from './identifier-items.ts';
import { MAIL_PURPOSES, mailsPartition } from './mails.ts';

interface CountersDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly loadShared: () => Promise<Keyring<'identifier-pepper'>>;
  readonly loadCell: () => Promise<Keyring<'cell-sealing'>>;
}

/**
 * Counters per device are named by a cookie that only its browser has; they go by themselves, when
 * their window ends.
 */
export function createPersonCounters(deps: CountersDeps): PersonCounters {
  return {
    async keysOf(sub, email, identifier) {
      const ofAddress = hashesOf(identifier).flatMap((hash) => [
        { identifier: hash },
        { codesFor: hash },
      ]);
      const [shared, own] = await Promise.all([deps.loadShared(), deps.loadCell()]);
      return [
        ...[{ sub }, ...ofAddress].map((of) => attemptsPartition(own, of)),
        ...MAIL_PURPOSES.map((purpose) => mailsPartition(shared, purpose, email)),
      ];
    },

    async forget(keys) {
      const requests = keys.map((pk) => ({
        DeleteRequest: { Key: { pk: { S: pk }, sk: { S: pk.split('#')[0] ?? '' } } },
      }));
      await writeBatches(deps.dynamo, deps.dataTable, requests);
    },
  };
}
