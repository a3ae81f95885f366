import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { PublicJwk } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import type { PublishedKeys } from '../../core/ports/signer.ts';
import { sendDynamo } from './send.ts';

/** Shorter than the time that a new key spends published before it signs. */
const KNOWN_FOR_MS = 300_000;

const PUBLISHED_STATES: ReadonlySet<string> = new Set(['next', 'active', 'retiring']);

export interface SigningKeys extends PublishedKeys {
  /** `kid` of the key with this ARN. Throws Error when it was never registered. */
  requireKeyId(keyArn: string): Promise<string>;
}

interface SigningKeysDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

interface SigningKey {
  readonly keyArn: string;
  readonly state: string;
  readonly jwk: PublicJwk & { readonly kid: string };
}

interface Published {
  readonly keys: ReadonlyArray<SigningKey>;
  /** One object as long as nothing changed, so that readers may cache by identity. */
  readonly jwks: { readonly keys: ReadonlyArray<PublicJwk> };
}

/** The registered signing keys: one query, remembered for five minutes. */
export function createSigningKeys({ nowMs = Date.now, ...deps }: SigningKeysDeps): SigningKeys {
  let known: Promise<Published> | undefined;
  let forgetAtMs = 0;

  function load(): Promise<Published> {
    if (known !== undefined && nowMs() < forgetAtMs) return known;
    forgetAtMs = nowMs() + KNOWN_FOR_MS;
    known = query(deps).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  return {
    jwks: async () => (await load()).jwks,

    async requireKeyId(keyArn) {
      const { keys } = await load();
      const key = keys.find((candidate) => candidate.keyArn === keyArn);
      if (key === undefined) throw new InvariantError('the signing key is not registered');
      return key.jwk.kid;
    },
  };
}

async function query({ dynamo, directoryTable }: SigningKeysDeps): Promise<Published> {
  const { Items: items = [] } = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: directoryTable,
      KeyConditionExpression: 'pk = :keys',
      ExpressionAttributeValues: { ':keys': { S: 'SIGNING-KEYS' } },
    }),
  );
  // Provisioning alone writes these items.
  const keys = items.map((item) => unmarshall(item) as SigningKey);
  const published = keys.filter((key) => PUBLISHED_STATES.has(key.state));
  return { keys, jwks: { keys: published.map((key) => key.jwk) } };
}
