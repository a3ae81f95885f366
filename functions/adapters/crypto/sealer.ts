import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { Sealer, SealPurpose } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Keyring } from './keyring.ts';

/** Longer than anything we seal, shorter than what a flood would like us to decrypt. */
const MAX_SEALED_LENGTH = 16_384;

/**
 * Seals with compact JWE (RFC 7516), `dir` + `A256GCM`; one HKDF-SHA-256 key per purpose. The
 * key id is the keyring's version, so that what an earlier version sealed still opens.
 */
export function createSealer(loadKeyring: () => Promise<Keyring>): Sealer {
  const derived = new Map<string, Uint8Array>();

  function deriveKey(keyring: Keyring, version: number, purpose: SealPurpose): Uint8Array {
    const name = `${version}:${purpose}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    const sealing = keyring.key('sealing', version);
    const key = new Uint8Array(hkdfSync('sha256', sealing, '', `seal:${purpose}`, 32));
    derived.set(name, key);
    return key;
  }

  return {
    async seal(purpose, content, expiresAt) {
      const keyring = await loadKeyring();
      const payload = expiresAt === undefined ? { c: content } : { c: content, exp: expiresAt };
      return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: String(keyring.version) })
        .encrypt(deriveKey(keyring, keyring.version, purpose));
    },

    async open(purpose, sealed, now) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined;
      const keyring = await loadKeyring();
      const version = findVersion(sealed, keyring);
      if (version === undefined) return undefined;
      const plaintext = await decrypt(sealed, deriveKey(keyring, version, purpose));
      return plaintext === undefined ? undefined : readContent(plaintext, now);
    },
  };
}

/** The version that a `kid` names; undefined for anything that we did not seal. */
function findVersion(sealed: string, keyring: Keyring): number | undefined {
  try {
    const { kid } = decodeProtectedHeader(sealed);
    const version = Number(kid);
    return String(version) === kid && keyring.has(version) ? version : undefined;
  } catch {
    return undefined;
  }
}

async function decrypt(sealed: string, key: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return plaintext;
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
