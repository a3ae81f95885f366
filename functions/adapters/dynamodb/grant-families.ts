import type { Acting, ActKind } from '../../core/audit/act.ts';
import type { ClientId } from '../../core/ids.ts';
import type {
  GrantPointer,
  Grants,
  OpenedCode,
  OpenedRefreshToken,
  Redemption,
  Revocation,
  Rotation,
} from '../../core/ports/grants.ts';
import { addSeconds, type EpochSeconds } from '../../core/time.ts';
import type { GrantSecrets } from '../crypto/grant-secrets.ts';
import { hashSecret, randomToken } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';
import { actOf } from './acts.ts';
import { decodeGrant, decodeStoredGrant, endOf, REVOCATION } from './grant-items.ts';
import type { UpdateGrant } from './grant-updates.ts';

interface GrantFamiliesDeps {
  readonly update: UpdateGrant;
  readonly secrets: GrantSecrets;
  readonly lifetimes: {
    readonly accessTokenSeconds: number;
    readonly refreshTokenIdleSeconds: number;
    readonly refreshTokenAbsoluteSeconds: number;
    readonly refreshTokenGraceSeconds: number;
  };
}

type Deps = GrantFamiliesDeps;

interface Presentation {
  readonly clientId: ClientId;
  readonly acting: Acting;
}

/**
 * How long a superseded token stays good when its successor could not be signed: longer than KMS
 * is usually busy, and short, since a thief who holds it can use it as well.
 */
const RETRY_SECONDS = 300;

/** Codes become token families and families rotate, each by one conditional write. */
export function createGrantFamilies(deps: Deps): Grants {
  return {
    open: (presented, now) => deps.secrets.open(presented, now),
    redeem: (code, options) => redeem(deps, code, options),
    rotate: (refreshToken, options) => rotate(deps, refreshToken, options),
    revoke: (pointer, clientId, acting) => revoke(deps, pointer, { clientId, acting }),

    async reopen(code) {
      await deps.update(code, {
        // Rotated already: somebody holds tokens of this family.
        condition: '#state = :open AND codeHash = :code AND attribute_not_exists(previousHash)',
        expression: 'SET #state = :issued REMOVE refreshHash, absoluteExpiresAt',
        values: { open: 'open', issued: 'issued', code: hashSecret(code.secret) },
      });
    },

    async prolongGrace({ sub, grantId, secret, familyEndsAt }, now) {
      const until = Math.min(addSeconds(now, RETRY_SECONDS), familyEndsAt);
      await deps.update(
        { sub, grantId },
        {
          condition: '#state = :open AND previousHash = :presented AND previousUntil < :until',
          expression: 'SET previousUntil = :until',
          values: { open: 'open', presented: hashSecret(secret), until },
        },
      );
    },
  };
}

/** RFC 6749 §4.1.2: a code works once. */
async function redeem(
  deps: Deps,
  opened: OpenedCode,
  { clientId, refreshable, acting }: Presentation & { readonly refreshable: boolean },
): Promise<Redemption> {
  const now = acting.at;
  // Stored even if the client gets no refresh token: it tells the SDK's retry of this very write
  // from a replay.
  const secret = randomToken();
  const { familyEndsAt, expiresAt } = lifetimeOf(deps, refreshable, now);
  const { written, item } = await deps.update(opened, {
    condition:
      '#state = :issued AND codeHash = :code AND clientId = :client AND codeExpiresAt > :now',
    expression:
      'SET #state = :open, refreshHash = :hash, absoluteExpiresAt = :end, expiresAt = :expires',
    values: {
      issued: 'issued',
      open: 'open',
      code: hashSecret(opened.secret),
      client: clientId,
      now,
      hash: hashSecret(secret),
      end: familyEndsAt,
      expires: expiresAt,
    },
  });
  if (item === undefined) return { outcome: 'refused', detail: 'the code is unknown' };
  if (!written && item['refreshHash']?.S !== hashSecret(secret)) {
    return refuseCode(deps, opened, { clientId, acting }, item);
  }
  const { sub, grantId } = opened;
  const grant = decodeGrant(sub, grantId, item);
  const redeemed = { outcome: 'redeemed', grant, endsAt: endOf(item) } as const;
  if (!refreshable) return redeemed;
  const { scope, resources } = grant;
  const refreshToken = await deps.secrets.seal({
    kind: 'refresh-token',
    ...{ sub, grantId, secret, familyEndsAt, scope },
    ...(resources !== undefined && { resources }),
  });
  return { ...redeemed, refreshToken };
}

/** Without refresh tokens, a grant lasts as long as the access token that stands on it. */
function lifetimeOf({ lifetimes }: Deps, refreshable: boolean, now: EpochSeconds) {
  if (!refreshable) {
    const end = addSeconds(now, lifetimes.accessTokenSeconds);
    return { familyEndsAt: end, expiresAt: end };
  }
  const familyEndsAt = addSeconds(now, lifetimes.refreshTokenAbsoluteSeconds);
  return { familyEndsAt, expiresAt: idleEnd(lifetimes.refreshTokenIdleSeconds, familyEndsAt, now) };
}

function idleEnd(idleSeconds: number, familyEndsAt: EpochSeconds, now: EpochSeconds): number {
  return Math.min(addSeconds(now, idleSeconds), familyEndsAt);
}

async function refuseCode(
  deps: Deps,
  opened: OpenedCode,
  presentation: Presentation,
  item: Item,
): Promise<Redemption> {
  const stored = decodeStoredGrant(item);
  if (stored.codeHash !== hashSecret(opened.secret)) {
    return { outcome: 'refused', detail: 'what was presented is not the code of its grant' };
  }
  if (stored.clientId !== presentation.clientId) {
    return { outcome: 'refused', detail: 'the code was issued to another client' };
  }
  if (stored.state === 'issued') return { outcome: 'refused', detail: 'the code has expired' };
  if (stored.state === 'open') await revoke(deps, opened, presentation, 'grant.reused');
  return { outcome: 'replayed', detail: 'the code was presented twice' };
}

/** RFC 9700 §4.14.2: a superseded token ends the family, unless its client may have lost a reply. */
async function rotate(
  deps: Deps,
  opened: OpenedRefreshToken,
  presentation: Presentation,
): Promise<Rotation> {
  const { clientId, acting } = presentation;
  const now = acting.at;
  const { familyEndsAt } = opened;
  const successor = await deps.secrets.successorOf(opened);
  const { written, item } = await deps.update(opened, {
    condition:
      '#state = :open AND clientId = :client AND refreshHash = :presented AND expiresAt > :now',
    expression:
      'SET refreshHash = :hash, previousHash = :presented, previousUntil = :grace, expiresAt = :expires',
    values: {
      open: 'open',
      client: clientId,
      presented: hashSecret(opened.secret),
      now,
      hash: hashSecret(successor),
      grace: addSeconds(now, deps.lifetimes.refreshTokenGraceSeconds),
      expires: idleEnd(deps.lifetimes.refreshTokenIdleSeconds, familyEndsAt, now),
    },
  });
  if (item === undefined) return { outcome: 'refused', detail: 'the grant is gone' };
  if (!written) {
    const refusal = await refuseRefreshToken(deps, opened, presentation, item);
    if (refusal !== undefined) return refusal;
  }
  return {
    outcome: 'rotated',
    grant: decodeGrant(opened.sub, opened.grantId, item),
    endsAt: endOf(item),
    refreshToken: await deps.secrets.seal({ ...opened, secret: successor }),
  };
}

/** Undefined for a superseded token within its grace. */
async function refuseRefreshToken(
  deps: Deps,
  opened: OpenedRefreshToken,
  presentation: Presentation,
  item: Item,
): Promise<Rotation | undefined> {
  const { clientId, acting } = presentation;
  const stored = decodeStoredGrant(item);
  if (stored.state !== 'open') return { outcome: 'refused', detail: 'the family was revoked' };
  if (stored.clientId !== clientId) {
    return { outcome: 'refused', detail: 'the refresh token was issued to another client' };
  }
  if (stored.expiresAt <= acting.at) {
    return { outcome: 'refused', detail: 'the family was idle for too long' };
  }
  const isPrevious = stored.previousHash === hashSecret(opened.secret);
  if (isPrevious && (stored.previousUntil ?? 0) > acting.at) return undefined;
  await revoke(deps, opened, presentation, 'grant.reused');
  return { outcome: 'reused', detail: 'a superseded refresh token was presented' };
}

async function revoke(
  deps: Deps,
  pointer: GrantPointer,
  { clientId, acting }: Presentation,
  kind: ActKind = 'grant.revoked',
): Promise<Revocation> {
  const { written, item } = await deps.update(pointer, {
    condition: `clientId = :client AND ${REVOCATION.condition}`,
    expression: REVOCATION.expression,
    values: { client: clientId, ...REVOCATION.values },
    act: actOf(acting, { kind, sub: pointer.sub, object: clientId }),
  });
  if (written) return 'revoked';
  if (item === undefined) return 'unknown';
  // Revoked before: it need not be told twice.
  return decodeStoredGrant(item).clientId === clientId ? 'revoked' : 'another-clients';
}
