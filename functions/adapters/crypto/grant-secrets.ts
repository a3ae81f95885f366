import { createHmac, hkdfSync } from 'node:crypto';
import type { Sub } from '../../core/ids.ts';
import type { OpenedGrant } from '../../core/ports/grants.ts';
import type { Sealer } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from './keyring.ts';

export interface GrantSecrets {
  /** `<cell>.<sealed>`: names its home and its item, so that one write finds and consumes it. */
  seal(content: OpenedGrant): Promise<string>;
  /** Undefined for anything forged, foreign or past the end of its family. */
  open(presented: string, now: EpochSeconds): Promise<OpenedGrant | undefined>;
  /** The one secret that follows a secret: derived, so that a repeated rotation is idempotent. */
  successorOf(secret: string): Promise<string>;
}

interface GrantSecretsDeps {
  readonly sealer: Sealer;
  readonly loadKeyring: () => Promise<Keyring>;
  readonly cell: string;
}

interface Sealed {
  readonly s: Sub;
  readonly g: string;
  readonly x: string;
}

export function createGrantSecrets({ sealer, loadKeyring, cell }: GrantSecretsDeps): GrantSecrets {
  const prefix = `${cell}.`;
  return {
    async seal({ sub, grantId, secret, familyEndsAt }) {
      const content = { s: sub, g: grantId, x: secret, e: familyEndsAt };
      return prefix + (await sealer.seal('grant', content, familyEndsAt));
    },

    async open(presented, now) {
      if (!presented.startsWith(prefix)) return undefined;
      const opened = await sealer.open('grant', presented.slice(prefix.length), now);
      if (opened === undefined) return undefined;
      // Authentic, hence written by `seal`.
      const { s, g, x, e } = opened as Sealed & { readonly e?: EpochSeconds };
      const content = { sub: s, grantId: g, secret: x };
      return e === undefined ? content : { ...content, familyEndsAt: e };
    },

    async successorOf(secret) {
      const keyring = await loadKeyring();
      const key = hkdfSync('sha256', keyring.key('sealing'), '', 'refresh-token-successor', 32);
      const mac = createHmac('sha256', Buffer.from(key)).update(secret).digest();
      return mac.subarray(0, 16).toString('base64url');
    },
  };
}
