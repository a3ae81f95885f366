import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { PublicJwk } from '../../core/client.ts';
import { UnavailableError } from '../../core/errors.ts';
import { decodeEvidenceKey, EVIDENCE_KEY, type EvidenceKey } from './evidence-key-items.ts';
import { sendDynamo } from './send.ts';

export interface EvidenceKeys {
  /** Throws UnavailableError while it has not reached this region. */
  load(): Promise<EvidenceKey>;
  /** What evidence is checked with (RFC 7517 §5). Throws as `load` does. */
  jwks(): Promise<{ readonly keys: ReadonlyArray<PublicJwk> }>;
}

interface EvidenceKeysDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
}

/** The evidence key: one read per container, since it never changes. */
export function createEvidenceKeys({ dynamo, directoryTable }: EvidenceKeysDeps): EvidenceKeys {
  let known: Promise<EvidenceKey> | undefined;

  async function read(): Promise<EvidenceKey> {
    const { Item: item } = await sendDynamo(
      dynamo,
      new GetItemCommand({ TableName: directoryTable, Key: EVIDENCE_KEY }),
    );
    if (item === undefined) throw new UnavailableError('the record of the evidence key', undefined);
    return decodeEvidenceKey(item);
  }

  function load(): Promise<EvidenceKey> {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  return { load, jwks: async () => ({ keys: [(await load()).jwk] }) };
}
