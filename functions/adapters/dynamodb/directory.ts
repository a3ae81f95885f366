import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CellName } from '../../core/cells.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { HashedIdentifier, IdentifierHash } from '../../core/ids.ts';
import type { Claimant, Directory, Quarantined } from '../../core/ports/directory.ts';
import { hmacIdentifier } from '../crypto/hash.ts';
import type { Pepper, SharedKeyring } from '../crypto/keyring.ts';
import type { Item } from './account-items.ts';
import { getBatch } from './batch-get.ts';
import { confirmLate, confirmResident, makeClaim, settleClaim } from './claims.ts';
import { createHomes } from './homes.ts';
import {
  decodeClaim,
  decodePointer,
  findQuarantineEnd,
  hashesOf,
  identifierKey,
  identifierOf,
} from './identifier-items.ts';

/** Clients of the primary region, for cells of other regions. */
export interface PrimaryDirectory {
  /** Waits 800 ms at most, once: the replica's answer is at hand. */
  readonly forLookups: DynamoDBClient;
  readonly forClaims: DynamoDBClient;
}

export interface DirectoryDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  readonly dataTable: string;
  readonly cell: CellName;
  readonly loadKeyring: () => Promise<SharedKeyring>;
  /** Absent in the primary region, where the own table is the one that claims are made in. */
  readonly primary?: PrimaryDirectory | undefined;
}

/** Who has which address, and where they live; the address itself is not in it. */
export function createDirectory(deps: DirectoryDeps): Directory {
  const { dynamo, directoryTable, primary } = deps;

  async function findClaim(
    client: DynamoDBClient,
    identifier: HashedIdentifier,
    isConsistent: boolean,
  ): Promise<Claimant | Quarantined | undefined> {
    const item = await findFirst(client, directoryTable, identifier, isConsistent);
    return item && decodeHolding(item);
  }

  return {
    async hash(kind, normalised) {
      const [current, ...earlier] = (await deps.loadKeyring()).peppers();
      const hashWith = ({ version, key }: Pepper) =>
        `${version}.${hmacIdentifier(key, kind, normalised)}` as IdentifierHash;
      return { current: hashWith(current), earlier: earlier.map(hashWith) };
    },

    async findResident(identifier) {
      const item = await findFirst(dynamo, deps.dataTable, identifier, true);
      if (item === undefined) return undefined;
      const pointed = decodePointer(item);
      if (item['isUnconfirmed'] !== undefined) {
        await confirmLate(deps, identifierOf(item), pointed.sub);
      }
      return pointed;
    },

    async findHome(identifier, { strict = false } = {}) {
      if (primary === undefined) return findClaim(dynamo, identifier, true);
      const [nearby, truth] = await Promise.allSettled([
        findClaim(dynamo, identifier, false),
        findClaim(primary.forLookups, identifier, true),
      ]);
      if (truth.status === 'fulfilled') return truth.value;
      const isAway = truth.reason instanceof UnavailableError;
      if (strict || !isAway || nearby.status === 'rejected') throw truth.reason;
      return nearby.value;
    },

    findHomeNearby: (identifier) => findClaim(dynamo, identifier, primary === undefined),

    findHomeOfSub: createHomes({ dynamo, directoryTable, primary: undefined }).find,

    claim: (claim) => makeClaim(deps, claim),

    confirm: (identifier, sub) => confirmResident(deps, identifier, sub),

    settle: (claim) => settleClaim(deps, claim),
  };
}

function decodeHolding(item: Item): Claimant | Quarantined {
  const claim = decodeClaim(item);
  const quarantinedUntil = findQuarantineEnd(item);
  return quarantinedUntil === undefined ? claim : { cell: claim.cell, quarantinedUntil };
}

/** By the newest pepper under which there is one: one BatchGetItem. */
async function findFirst(
  client: DynamoDBClient,
  table: string,
  identifier: HashedIdentifier,
  isConsistent: boolean,
): Promise<Item | undefined> {
  const hashes = hashesOf(identifier);
  const wanted = { Keys: hashes.map(identifierKey), ConsistentRead: isConsistent };
  const found = await getBatch(client, { [table]: wanted });
  const byHash = new Map(found.get(table)?.map((item) => [identifierOf(item), item]));
  return hashes.map((hash) => byHash.get(hash)).find((item) => item !== undefined);
}
