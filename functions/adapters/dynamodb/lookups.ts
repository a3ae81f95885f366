import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Lookup, Lookups } from '../../core/ports/lookups.ts';
import { toSourceNetwork } from '../../core/source-network.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { hmacIdentifier } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';
import { countOne, restartWithOne, windowEndOf } from './windowed-counters.ts';

/** `perSource` counts in this time. */
const WINDOW_SECONDS = 900;

interface LookupsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly loadKeyring: () => Promise<Keyring<'identifier-pepper'>>;
  /** An office behind one address may sign in, a list of addresses may not be tried. */
  readonly perSource: number;
}

/** One write per look-up; a second one only when an old window has to be replaced. */
export function createLookups({ dynamo, dataTable, loadKeyring, perSource }: LookupsDeps): Lookups {
  const rule = { limit: perSource, windowSeconds: WINDOW_SECONDS };

  async function count(key: Item, now: EpochSeconds): Promise<Lookup> {
    const failed = await tryUpdate(countOne(dataTable, key, rule, now));
    if (failed === undefined) return { outcome: 'counted' };
    const until = windowEndOf(failed.Item);
    if (until > now) return { outcome: 'too-many', until };
    const lost = await tryUpdate(restartWithOne(dataTable, key, rule, now));
    // Whoever won has begun a window that ends after now: the next round settles it.
    return lost === undefined ? { outcome: 'counted' } : count(key, now);
  }

  async function tryUpdate(
    update: Update & { UpdateExpression: string },
  ): Promise<ConditionalCheckFailedException | undefined> {
    try {
      await sendDynamo(dynamo, new UpdateItemCommand(update));
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error;
      throw error;
    }
  }

  return {
    async count(source, now) {
      const pepper = (await loadKeyring()).key('identifier-pepper');
      const hash = hmacIdentifier(pepper, 'lookups-source', toSourceNetwork(source));
      return count({ pk: { S: `LOOKUPS#${hash}` }, sk: { S: 'LOOKUPS' } }, now);
    },
  };
}
