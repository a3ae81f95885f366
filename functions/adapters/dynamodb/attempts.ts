import type { DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Attempts, AttemptsOf } from '../../core/ports/attempts.ts';
import { deriveKey, hmacIdentifier } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Item } from './account-items.ts';
import { actOf } from './acts.ts';
import { type CounterRule, giveBackOne, reserveOne } from './windowed-counters.ts';

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
  return {
    async reserve(of, now, acting) {
      const whose = 'sub' in of ? { sub: of.sub } : {};
      const act = acting && actOf(acting, { kind: 'sign-in.tried', ...whose });
      const rule = { ...deps.rule, ...(act !== undefined && { act }) };
      const until = await reserveOne(deps, await attemptsKey(deps, of), rule, now);
      return until === undefined ? { outcome: 'reserved' } : { outcome: 'locked', until };
    },
    async giveBack(of) {
      await giveBackOne(deps, await attemptsKey(deps, of));
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
  return { pk: { S: attemptsPartition(await loadKeyring(), of) }, sk: { S: 'ATTEMPTS' } };
}

/** Where an erasure finds the counter. */
export function attemptsPartition(keyring: Keyring<'cell-sealing'>, of: AttemptsOf): string {
  const key = deriveKey(keyring.key('cell-sealing'), 'attempts');
  return `ATTEMPTS#${nameOf(of, key)}`;
}

/** The address may be somebody's who is at home elsewhere: the directory's hash stays out of here. */
function nameOf(of: AttemptsOf, key: Uint8Array): string {
  if ('sub' in of) return `SUB#${of.sub}`;
  if ('codesFor' in of) return `CODES#${hmacIdentifier(key, 'codes', of.codesFor)}`;
  const hash = hmacIdentifier(key, 'sign-in', of.identifier);
  return of.device === undefined ? hash : `${hash}#${of.device}`;
}
