import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ClientId, SecretHash } from '../../core/ids.ts';
import type { GrantStandings } from '../../core/ports/grant-standings.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { hashSecret } from '../crypto/hash.ts';
import { getBatch } from './batch-get.ts';
import {
  decodeStoredGrant,
  endOf,
  grantKey,
  isOpenGrant,
  type StoredGrant,
} from './grant-items.ts';
import { homeOf } from './homes.ts';
import { subKey } from './identifier-items.ts';
import { sendDynamo } from './send.ts';

interface GrantStandingsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  /** The directory, where there are several cells to be at home in. */
  readonly homesTable: string | undefined;
}

/** Consistent reads: what was just revoked must count at once. */
export function createGrantStandings(deps: GrantStandingsDeps): GrantStandings {
  const { dynamo, dataTable, homesTable } = deps;
  return {
    async ofAccessToken({ sub, grantId }, now) {
      const items = await getBatch(dynamo, {
        [dataTable]: { Keys: [grantKey(sub, grantId)], ConsistentRead: true },
        ...(homesTable !== undefined && { [homesTable]: { Keys: [subKey(sub)] } }),
      });
      const [grant] = items.get(dataTable) ?? [];
      const home = homesTable === undefined ? undefined : homeOf(items.get(homesTable)?.[0]);
      return {
        isKnown: grant !== undefined,
        isOpen: isOpenGrant(grant, now),
        ...(home !== undefined && { home }),
      };
    },

    async ofRefreshToken({ sub, grantId, secret }, now) {
      const { Item: item } = await sendDynamo(
        dynamo,
        new GetItemCommand({
          TableName: dataTable,
          Key: grantKey(sub, grantId),
          ConsistentRead: true,
        }),
      );
      if (item === undefined || !isOpenGrant(item, now)) return undefined;
      const stored = decodeStoredGrant(item);
      if (!isRedeemable(stored, hashSecret(secret), now)) return undefined;
      return { clientId: stored.clientId as ClientId, endsAt: endOf(item) };
    },
  };
}

function isRedeemable(stored: StoredGrant, hash: SecretHash, now: EpochSeconds): boolean {
  if (stored.refreshHash === hash) return true;
  return stored.previousHash === hash && (stored.previousUntil ?? 0) > now;
}
