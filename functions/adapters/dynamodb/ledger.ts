import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { monthOf } from '../../core/erasure/ledger.ts';
import type { Sub } from '../../core/ids.ts';
import type { Ledger, LedgerEntry } from '../../core/ports/erasures.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

/** Replayed by one run of the state: a few calls each, far below the function's timeout. */
const PAGE_ENTRIES = 100;

interface LedgerDeps {
  readonly dynamo: DynamoDBClient;
  readonly recordsTable: string;
}

export function createLedger({ dynamo, recordsTable }: LedgerDeps): Ledger {
  return {
    async record(entry) {
      await sendDynamo(
        dynamo,
        new PutItemCommand({ TableName: recordsTable, Item: encodeEntry(entry) }),
      );
    },

    async list({ month, after }, since, limit = PAGE_ENTRIES) {
      const page = await sendDynamo(
        dynamo,
        new QueryCommand({
          TableName: recordsTable,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk > :after',
          ExpressionAttributeValues: {
            ':pk': { S: partitionOf(month) },
            ':after': { S: after ?? isoOf(since) },
          },
          Limit: limit,
        }),
      );
      const last = page.LastEvaluatedKey?.['sk']?.S;
      return {
        entries: (page.Items ?? []).map(decodeEntry),
        ...(last !== undefined && { after: last }),
      };
    },
  };
}

/** The same entry however often it is recorded: the moment is that of the account's closing. */
function encodeEntry({ sub, erasedAt }: LedgerEntry): Item {
  return {
    pk: { S: partitionOf(monthOf(erasedAt)) },
    sk: { S: `${isoOf(erasedAt)}#${sub}` },
    v: { N: '1' },
    sub: { S: sub },
    erasedAt: { N: String(erasedAt) },
  };
}

/** What `encodeEntry` wrote. */
function decodeEntry(item: Item): LedgerEntry {
  return {
    sub: (item['sub']?.S ?? '') as Sub,
    erasedAt: Number(item['erasedAt']?.N) as EpochSeconds,
  };
}

function partitionOf(month: string): string {
  return `LEDGER#${month}`;
}

/** Sorts as time does. */
function isoOf(time: EpochSeconds): string {
  return new Date(time * 1000).toISOString();
}
