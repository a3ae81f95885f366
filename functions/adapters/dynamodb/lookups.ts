import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Lookups } from '../../core/ports/lookups.ts';
import { toSourceNetwork } from '../../core/source-network.ts';
import { hmacIdentifier } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { reserveOne } from './windowed-counters.ts';

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
export function createLookups({ loadKeyring, perSource, ...deps }: LookupsDeps): Lookups {
  const rule = { limit: perSource, windowSeconds: WINDOW_SECONDS };
  return {
    async count(source, now) {
      const pepper = (await loadKeyring()).key('identifier-pepper');
      const hash = hmacIdentifier(pepper, 'lookups-source', toSourceNetwork(source));
      const key = { pk: { S: `LOOKUPS#${hash}` }, sk: { S: 'LOOKUPS' } };
      const until = await reserveOne(deps, key, rule, now);
      return until === undefined ? { outcome: 'counted' } : { outcome: 'too-many', until };
    },
  };
}
