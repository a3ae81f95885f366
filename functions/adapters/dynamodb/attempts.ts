import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type TransactWriteItem,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Attempts, AttemptsOf, Reservation } from '../../core/ports/attempts.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';
import {
  type CounterRule,
  countOne,
  restartWithOne,
  uncountOne,
  windowEndOf,
} from './windowed-counters.ts';

interface AttemptsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly rule: CounterRule;
}

/** One write per attempt; a second one only when an old window has to be replaced. */
export function createAttempts(deps: AttemptsDeps): Attempts {
  async function reserve(of: AttemptsOf, now: EpochSeconds): Promise<Reservation> {
    const key = attemptsKey(of);
    const failed = await tryUpdate(countOne(deps.dataTable, key, deps.rule, now));
    if (failed === undefined) return { outcome: 'reserved' };
    const until = windowEndOf(failed.Item);
    if (until > now) return { outcome: 'locked', until };
    const lost = await tryUpdate(restartWithOne(deps.dataTable, key, deps.rule, now));
    // Whoever won has begun a window that ends after now: the next round settles it.
    return lost === undefined ? { outcome: 'reserved' } : reserve(of, now);
  }

  async function tryUpdate(
    update: Update & { UpdateExpression: string },
  ): Promise<ConditionalCheckFailedException | undefined> {
    try {
      await sendDynamo(deps.dynamo, new UpdateItemCommand(update));
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error;
      throw error;
    }
  }

  return {
    reserve,
    async giveBack(of) {
      await tryUpdate(uncountOne(deps.dataTable, attemptsKey(of)));
    },
  };
}

/** Whoever proved the password or the mailbox may start counting anew. */
export function forgetAttempts(dataTable: string, of: AttemptsOf): TransactWriteItem {
  return { Delete: { TableName: dataTable, Key: attemptsKey(of) } };
}

function attemptsKey(of: AttemptsOf): Item {
  return { pk: { S: `ATTEMPTS#${nameOf(of)}` }, sk: { S: 'ATTEMPTS' } };
}

function nameOf(of: AttemptsOf): string {
  if ('sub' in of) return `SUB#${of.sub}`;
  if ('codesFor' in of) return `CODES#${of.codesFor}`;
  return of.device === undefined ? of.identifier : `${of.identifier}#${of.device}`;
}
