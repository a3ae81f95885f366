import { createHmac } from 'node:crypto';
import type { SessionId, Sub } from '../../core/ids.ts';
import type { OpenedGrant, OpenedRefreshToken } from '../../core/ports/grants.ts';
import type { Sealer } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { deriveKey } from './hash.ts';
import type { Keyring } from './keyring.ts';

export interface GrantSecrets {
  /** `<cell>.<sealed>`: names its home and its item, so that one write finds and consumes it. */
  seal(content: OpenedGrant): Promise<string>;
  /** Undefined for anything forged, foreign or past the end of its family. */
  open(presented: string, now: EpochSeconds): Promise<OpenedGrant | undefined>;
  /**
   * The one secret that follows a token's: derived from it, so that a repeated rotation is
   * idempotent, whichever version the keyring has reached meanwhile.
   */
  successorOf(refreshToken: OpenedRefreshToken): Promise<string>;
}

interface GrantSecretsDeps {
  readonly sealer: Sealer;
  readonly loadKeyring: () => Promise<Keyring<'cell-sealing'>>;
  readonly cell: string;
}

/** Short names: they travel in every request. */
type Sealed = { readonly s: Sub; readonly g: string; readonly x: string } & (
  | { readonly i: SessionId }
  | {
      readonly e: EpochSeconds;
      readonly c: string;
      readonly r?: ReadonlyArray<string>;
      readonly k: number;
    }
);

export function createGrantSecrets({ sealer, loadKeyring, cell }: GrantSecretsDeps): GrantSecrets {
  const prefix = `${cell}.`;
  return {
    async seal(opened) {
      const { sub: s, grantId: g, secret: x } = opened;
      if (opened.kind === 'code') {
        const code: Sealed = { s, g, x, i: opened.sessionId };
        return prefix + (await sealer.seal('grant', code));
      }
      const { familyEndsAt: e, scope: c, resources: r } = opened;
      const k = opened.keyVersion ?? (await loadKeyring()).version;
      const refreshToken: Sealed = { s, g, x, e, c, ...(r !== undefined && { r }), k };
      return prefix + (await sealer.seal('grant', refreshToken, e));
    },

    async open(presented, now) {
      if (!presented.startsWith(prefix)) return undefined;
      const opened = await sealer.open('grant', presented.slice(prefix.length), now);
      if (opened === undefined) return undefined;
      // Authentic, hence written by `seal`.
      const sealed = opened as Sealed;
      const content = { sub: sealed.s, grantId: sealed.g, secret: sealed.x };
      if ('i' in sealed) return { kind: 'code', ...content, sessionId: sealed.i };
      const { e: familyEndsAt, c: scope, r: resources, k: keyVersion } = sealed;
      return {
        kind: 'refresh-token',
        ...{ ...content, familyEndsAt, scope, keyVersion },
        ...(resources !== undefined && { resources }),
      };
    },

    async successorOf({ secret, keyVersion }) {
      const sealing = (await loadKeyring()).key('cell-sealing', keyVersion);
      const key = deriveKey(sealing, 'refresh-token-successor');
      const mac = createHmac('sha256', key).update(secret).digest();
      return mac.subarray(0, 16).toString('base64url');
    },
  };
}
