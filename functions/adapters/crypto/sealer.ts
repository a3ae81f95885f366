import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import type { Sealer, SealPurpose } from '../../core/ports/sealer.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { deriveKey } from './hash.ts';
import type { CellKeyring, SharedKeyring } from './keyring.ts';
import type { Keyrings } from './keyring-loader.ts';

/** Longer than anything we seal, shorter than what a flood would like us to decrypt. */
const MAX_SEALED_LENGTH = 16_384;

/**
 * Who can open what: `shared` is for what one cell hands to another through the browser. All else
 * is the cell's, so that whoever has the shared keyring can open, and make, nobody's session.
 */
const RINGS: Readonly<Record<SealPurpose, 'shared' | 'cell'>> = {
  'authorization-request': 'shared',
  'hand-over': 'shared',
  form: 'cell',
  'session-cookie': 'cell',
  'device-cookie': 'cell',
  challenge: 'cell',
  'challenge-link': 'cell',
  grant: 'cell',
  flow: 'cell',
  'settled-home': 'cell',
  'typed-address': 'cell',
  'keep-account': 'cell',
  acknowledgement: 'cell',
  cursor: 'cell',
};

interface SealingKeys {
  readonly version: number;
  has(version: number): boolean;
  sealingKey(version: number): Uint8Array;
}

/**
 * Seals with compact JWE (RFC 7516), `dir` + `A256GCM`; one HKDF-SHA-256 key per purpose. The
 * key id is the keyring's version, so that what an earlier version sealed still opens.
 */
export function createSealer({ loadShared, loadCell }: Keyrings): Sealer {
  const derived = new Map<string, Uint8Array>();

  async function loadKeys(purpose: SealPurpose): Promise<SealingKeys> {
    return RINGS[purpose] === 'shared'
      ? sharedSealing(await loadShared())
      : cellSealing(await loadCell());
  }

  function keyFor(keys: SealingKeys, version: number, purpose: SealPurpose): Uint8Array {
    const name = `${version}:${purpose}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    const sealing = keys.sealingKey(version);
    const key = deriveKey(sealing, `seal:${purpose}`);
    derived.set(name, key);
    return key;
  }

  return {
    async seal(purpose, content, expiresAt) {
      const keys = await loadKeys(purpose);
      const payload = expiresAt === undefined ? { c: content } : { c: content, exp: expiresAt };
      return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: String(keys.version) })
        .encrypt(keyFor(keys, keys.version, purpose));
    },

    async open(purpose, sealed, now) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined;
      const keys = await loadKeys(purpose);
      const version = findVersion(sealed, keys);
      if (version === undefined) return undefined;
      const plaintext = await decrypt(sealed, keyFor(keys, version, purpose));
      return plaintext === undefined ? undefined : readContent(plaintext, now);
    },
  };
}

function sharedSealing(ring: SharedKeyring): SealingKeys {
  const { version, has } = ring;
  return { version, has, sealingKey: (wanted) => ring.key('sealing', wanted) };
}

function cellSealing(ring: CellKeyring): SealingKeys {
  const { version, has } = ring;
  return { version, has, sealingKey: (wanted) => ring.key('cell-sealing', wanted) };
}

/** The version that a `kid` names; undefined for anything that we did not seal. */
function findVersion(sealed: string, keys: Pick<SealingKeys, 'has'>): number | undefined {
  try {
    const { kid } = decodeProtectedHeader(sealed);
    const version = Number(kid);
    return String(version) === kid && keys.has(version) ? version : undefined;
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
