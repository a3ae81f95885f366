import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { PublicJwk, SigningAlgorithm } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import { SIGNING_KEYS_KNOWN_FOR_SECONDS } from '../../core/key-rotation.ts';
import type { PublishedKeys } from '../../core/ports/signer.ts';
import { isPublished, isTrustedForHints, type SigningKey } from '../../core/signing-key.ts';
import type { Item } from './account-items.ts';
import { sendDynamo } from './send.ts';
import { decodeSigningKeys, SIGNING_KEYS } from './signing-key-items.ts';

const KNOWN_FOR_MS = SIGNING_KEYS_KNOWN_FOR_SECONDS * 1000;

/** What a token is signed with. */
export type ActiveKey = Pick<SigningKey, 'kid' | 'keyId'>;

export interface SigningKeys extends PublishedKeys {
  /** The key that signs now. Throws Error when there is none. */
  requireActive(algorithm: SigningAlgorithm): Promise<ActiveKey>;
  /** Forgets what it knows, unless that is newer than `outdated`: KMS knew better. */
  forget(outdated: ActiveKey): void;
}

interface SigningKeysDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

interface Known {
  readonly active: ReadonlyArray<SigningKey>;
  /** One object as long as nothing changed, so that readers may cache by identity. */
  readonly jwks: { readonly keys: ReadonlyArray<PublicJwk> };
  readonly hintKeys: { readonly keys: ReadonlyArray<PublicJwk> };
}

/** The signing keys: one query, remembered for a minute. */
export function createSigningKeys({ nowMs = Date.now, ...deps }: SigningKeysDeps): SigningKeys {
  let known: Promise<Known> | undefined;
  let latest: Known | undefined;
  let forgetAtMs = 0;

  function load(): Promise<Known> {
    if (known !== undefined && nowMs() < forgetAtMs) return known;
    forgetAtMs = nowMs() + KNOWN_FOR_MS;
    known = query(deps).then(
      (loaded) => {
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
    jwks: async () => (await load()).jwks,

    hintKeys: async () => (await load()).hintKeys,

    async requireActive(algorithm) {
      const { active } = await load();
      const key = active.find((candidate) => candidate.algorithm === algorithm);
      if (key === undefined) throw new InvariantError(`no key is active for ${algorithm}`);
      return key;
    },

    forget({ kid }) {
      if (latest?.active.some((key) => key.kid === kid)) known = undefined;
    },
  };
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
    active: keys.filter(({ state }) => state === 'active'),
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
