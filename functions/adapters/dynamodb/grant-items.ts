import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Grant } from '../../core/grant.ts';
import type { GrantId, SecretHash, Sub } from '../../core/ids.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { type Item, userPartition } from './account-items.ts';

const SORT_KEY_PREFIX = 'GRANT#';

/** Issued codes stay this long after they expire, so that a late replay is still noticed. */
const REPLAY_MEMORY_SECONDS = 3600;

export function grantKey(sub: Sub, grantId: string): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: SORT_KEY_PREFIX + grantId } };
}

/** Key condition of all grants of a person. */
export function grantsOf(sub: Sub) {
  return {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :grants)',
    ExpressionAttributeValues: {
      ':pk': { S: userPartition(sub) },
      ':grants': { S: SORT_KEY_PREFIX },
    },
  };
}

/** The item as stored; optional members come with the states `open` and `revoked`. */
export interface StoredGrant {
  readonly state: 'issued' | 'open' | 'revoked';
  readonly clientId: string;
  readonly codeHash: SecretHash;
  readonly refreshHash?: SecretHash;
  readonly previousHash?: SecretHash;
  readonly previousUntil?: EpochSeconds;
  readonly expiresAt: EpochSeconds;
}

/** A grant in state `issued`, waiting for its code. */
export function encodeIssuedGrant(
  grant: Grant,
  code: { readonly hash: SecretHash; readonly expiresAt: EpochSeconds },
): Item {
  const { sub, grantId, ...content } = grant;
  return {
    ...grantKey(sub, grantId),
    ...marshall(
      {
        v: 1,
        ...content,
        state: 'issued',
        codeHash: code.hash,
        codeExpiresAt: code.expiresAt,
        expiresAt: code.expiresAt + REPLAY_MEMORY_SECONDS,
      },
      { removeUndefinedValues: true },
    ),
  };
}

export function decodeStoredGrant(item: Item): StoredGrant {
  return unmarshall(item) as StoredGrant;
}

/** Only this file writes grants, hence the shape is known. */
export function decodeGrant(sub: Sub, grantId: string, item: Item): Grant {
  const stored = unmarshall(item) as Omit<Grant, 'sub' | 'grantId'>;
  return {
    sub,
    grantId: grantId as GrantId,
    clientId: stored.clientId,
    sessionId: stored.sessionId,
    scope: stored.scope,
    redirectUri: stored.redirectUri,
    authTime: stored.authTime,
    amr: stored.amr,
    ...(stored.codeChallenge === undefined ? {} : { codeChallenge: stored.codeChallenge }),
    ...(stored.nonce === undefined ? {} : { nonce: stored.nonce }),
  };
}

/** True for a grant whose access tokens still count; `undefined` when it is gone. */
export function isOpenGrant(item: Item | undefined): boolean {
  return item?.['state']?.S === 'open';
}
