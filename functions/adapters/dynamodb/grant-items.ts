import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Grant } from '../../core/grant.ts';
import type { GrantId, SecretHash, Sub } from '../../core/ids.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { type Item, userPartition } from './account-items.ts';

export const GRANT_PREFIX = 'GRANT#';

/** Issued codes stay this long after they expire, so that a late replay is still noticed. */
const REPLAY_MEMORY_SECONDS = 3600;

/** A redemption that began in the code's last second is over after this, however it went. */
const REDEMPTION_SECONDS = 60;

export function grantKey(sub: Sub, grantId: string): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: GRANT_PREFIX + grantId } };
}

export function isGrant(item: Item): boolean {
  return item['sk']?.S?.startsWith(GRANT_PREFIX) === true;
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
    ...(stored.resources === undefined ? {} : { resources: stored.resources }),
  };
}

/** Ends a grant; no hash stays that a token could match. `#state` is its attribute `state`. */
export const REVOCATION = {
  /** Of one that has ended before nothing is told. */
  condition: 'attribute_exists(pk) AND #state <> :revoked',
  expression: 'SET #state = :revoked, act = :act REMOVE refreshHash, previousHash, previousUntil',
  values: { revoked: 'revoked' },
} as const;

/** True for a grant whose access tokens still count; TTL removes it only some time after its end. */
export function isOpenGrant(item: Item | undefined, now: EpochSeconds): boolean {
  return item?.['state']?.S === 'open' && endOf(item) > now;
}

/** True while tokens may come of it: there is something to revoke. */
export function isGrantAlive(item: Item, now: EpochSeconds): boolean {
  if (item['state']?.S !== 'issued') return isOpenGrant(item, now);
  return Number(item['codeExpiresAt']?.N ?? 0) + REDEMPTION_SECONDS > now;
}

/** When an open grant ends unless it is used again. */
export function endOf(item: Item): EpochSeconds {
  return Number(item['expiresAt']?.N ?? 0) as EpochSeconds;
}
