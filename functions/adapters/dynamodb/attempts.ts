import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type TransactWriteItem,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Attempts, AttemptsOf, Reservation } from '../../core/ports/attempts.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { deriveKey, hmacIdentifier } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';
import {
  type CounterRule,
  countOne,
  restartWithOne,
  uncountOne,
  windowEndOf,
} from './windowed-counters.ts';

/** Where counters lie, and what names them. */
interface CountersDeps {
  readonly dataTable: string;
  /** The cell's own: what all cells have must not lead from a counter to the directory. */
  readonly loadKeyring: () => Promise<Keyring<'cell-sealing'>>;
}

interface AttemptsDeps extends CountersDeps {
  readonly dynamo: DynamoDBClient;
  readonly rule: CounterRule;
}

/** One write per attempt; a second one only when an old window has to be replaced. */
export function createAttempts(deps: AttemptsDeps): Attempts {
  async function reserve(of: AttemptsOf, now: EpochSeconds): Promise<Reservation> {
    const key = await attemptsKey(deps, of);
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
      await tryUpdate(uncountOne(deps.dataTable, await attemptsKey(deps, of)));
    },
  };
}

/** Whoever proved the password or the mailbox may start counting anew. */
export async function forgetAttempts(
  deps: CountersDeps,
  of: AttemptsOf,
): Promise<TransactWriteItem> {
  return { Delete: { TableName: deps.dataTable, Key: await attemptsKey(deps, of) } };
}

async function attemptsKey({ loadKeyring }: CountersDeps, of: AttemptsOf): Promise<Item> {
  const key = deriveKey((await loadKeyring()).key('cell-sealing'), 'attempts');
  return { pk: { S: `ATTEMPTS#${nameOf(of, key)}` }, sk: { S: 'ATTEMPTS' } };
}

/** The address may be somebody's who is at home elsewhere: the directory's hash stays out of here. */
function nameOf(of: AttemptsOf, key: Uint8Array): string {
  if ('sub' in of) return `SUB#${of.sub}`;
  if ('codesFor' in of) return `CODES#${hmacIdentifier(key, 'codes', of.codesFor)}`;
  const hash = hmacIdentifier(key, 'sign-in', of.identifier);
  return of.device === undefined ? hash : `${hash}#${of.device}`;
}
