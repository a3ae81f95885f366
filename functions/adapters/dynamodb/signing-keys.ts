import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { PublicJwk, SigningAlgorithm } from '../../core/client.ts';
import { UnavailableError } from '../../core/errors.ts';
import { SIGNING_KEYS_KNOWN_FOR_SECONDS } from '../../core/key-rotation.ts';
import type { PublishedKeys } from '../../core/ports/signer.ts';
import {
  areComplete,
  findSigningKey,
  isPublished,
  isTrustedForHints,
  type SigningKey,
} from '../../core/signing-key.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';
import { decodeSigningKeys, SIGNING_KEYS } from './signing-key-items.ts';

const KNOWN_FOR_MS = SIGNING_KEYS_KNOWN_FOR_SECONDS * 1000;

/** What a token is signed with. */
export type ActiveKey = Pick<SigningKey, 'kid' | 'keyId' | 'since'>;

export interface SigningKeys extends PublishedKeys {
  /** The key that signs now. Throws UnavailableError while none has reached this region. */
  requireActive(algorithm: SigningAlgorithm): Promise<ActiveKey>;
  /** Forgets what it knows, unless that is newer than `outdated`: KMS knew better. */
  forget(outdated: Pick<ActiveKey, 'kid'>): void;
}

interface SigningKeysDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

interface Known {
  readonly keys: ReadonlyArray<SigningKey>;
  /** One object as long as nothing changed, so that readers may cache by identity. */
  readonly jwks: { readonly keys: ReadonlyArray<PublicJwk> };
  readonly hintKeys: { readonly keys: ReadonlyArray<PublicJwk> };
}

/** The signing keys: one query, remembered for a minute, unless they are still arriving here. */
export function createSigningKeys({ nowMs = Date.now, ...deps }: SigningKeysDeps): SigningKeys {
  let known: Promise<Known> | undefined;
  let latest: Known | undefined;
  let forgetAtMs = 0;

  function load(): Promise<Known> {
    if (known !== undefined && nowMs() < forgetAtMs) return known;
    forgetAtMs = nowMs() + KNOWN_FOR_MS;
    known = query(deps).then(
      (loaded) => {
        if (!areComplete(loaded.keys)) known = undefined;
        latest = keepUnchanged(latest, loaded);
        return latest;
      },
      (error: unknown) => {
        known = undefined;
        throw error;
      },
    );
    return known;
  }

  return {
    async jwks() {
      const { jwks } = await load();
      // Verifiers would keep an empty set as the truth.
      if (jwks.keys.length === 0) throw noneHere();
      return jwks;
    },

    hintKeys: async () => (await load()).hintKeys,

    async requireActive(algorithm) {
      const { keys } = await load();
      const key = findSigningKey(keys, algorithm);
      if (key === undefined) throw noneHere();
      return key;
    },

    forget({ kid }) {
      const signing = latest?.keys.filter(({ state }) => state === 'active');
      if (signing?.some((key) => key.kid === kid)) known = undefined;
    },
  };
}

function noneHere(): UnavailableError {
  return new UnavailableError('the record of signing keys', undefined);
}

/** Imported keys are cached by the identity of their set: the same keys keep it. */
function keepUnchanged(before: Known | undefined, loaded: Known): Known {
  const isSame = JSON.stringify(before?.jwks) === JSON.stringify(loaded.jwks);
  return before !== undefined && isSame ? { ...loaded, jwks: before.jwks } : loaded;
}

async function query(deps: SigningKeysDeps): Promise<Known> {
  const keys = decodeSigningKeys(await querySigningKeys(deps, { isConsistent: false }));
  const jwksOf = (chosen: ReadonlyArray<SigningKey>) => ({ keys: chosen.map(({ jwk }) => jwk) });
  return {
    keys,
    jwks: jwksOf(keys.filter(isPublished)),
    hintKeys: jwksOf(keys.filter(isTrustedForHints)),
  };
}

/** All signing keys, gone ones among them, and the rotation. Few enough for one page for centuries. */
export async function querySigningKeys(
  { dynamo, directoryTable }: Pick<SigningKeysDeps, 'dynamo' | 'directoryTable'>,
  { isConsistent }: { readonly isConsistent: boolean },
): Promise<ReadonlyArray<Item>> {
  const { Items: items = [] } = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: directoryTable,
      ConsistentRead: isConsistent,
      KeyConditionExpression: 'pk = :keys',
      ExpressionAttributeValues: { ':keys': { S: SIGNING_KEYS } },
    }),
  );
  return items;
}
