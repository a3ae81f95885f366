import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { Sealer, SealPurpose } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from './keyring.ts';

/** Longer than anything we seal, shorter than what a flood would like us to decrypt. */
const MAX_SEALED_LENGTH = 16_384;

/**
 * Seals with compact JWE (RFC 7516), `dir` + `A256GCM`; one HKDF-SHA-256 key per purpose. The
 * key id is the keyring's version, so that a rotation can tell old from new.
 */
export function createSealer(loadKeyring: () => Promise<Keyring>): Sealer {
  const derived = new Map<string, Uint8Array>();

  async function keyOf(purpose: SealPurpose): Promise<{ key: Uint8Array; kid: string }> {
    const keyring = await loadKeyring();
    const kid = String(keyring.version);
    const name = `${kid}:${purpose}`;
    const known = derived.get(name);
    if (known !== undefined) return { key: known, kid };
    const key = new Uint8Array(
      hkdfSync('sha256', keyring.key('sealing'), new Uint8Array(), `seal:${purpose}`, 32),
    );
    derived.set(name, key);
    return { key, kid };
  }

  return {
    async seal(purpose, content, expiresAt) {
      const { key, kid } = await keyOf(purpose);
      const payload = expiresAt === undefined ? { c: content } : { c: content, exp: expiresAt };
      return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
        .encrypt(key);
    },

    async open(purpose, sealed, now) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined;
      const { key, kid } = await keyOf(purpose);
      const plaintext = await decrypt(sealed, key, kid);
      return plaintext === undefined ? undefined : readContent(plaintext, now);
    },
  };
}

async function decrypt(
  sealed: string,
  key: Uint8Array,
  kid: string,
): Promise<Uint8Array | undefined> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return protectedHeader.kid === kid ? plaintext : undefined;
  } catch {
    // Whatever is wrong with it, it is not ours.
    return undefined;
  }
}

/** What was decrypted is authentic, hence our own JSON. */
function readContent(plaintext: Uint8Array, now: EpochSeconds): unknown {
  const payload: { c?: unknown; exp?: number } = JSON.parse(new TextDecoder().decode(plaintext));
  if (payload.exp !== undefined && payload.exp <= now) return undefined;
  return payload.c;
}
