import { generateKeyPairSync } from 'node:crypto';
import { type CryptoKey, FlattenedEncrypt, flattenedDecrypt, importJWK } from 'jose';
import { InvariantError } from '../../core/errors.ts';
import type { LabelKey, SessionId, Sub } from '../../core/ids.ts';

/** An X25519 pair of one person (RFC 8037): whoever has the public half can only seal. */
export interface LabelKeyPair {
  readonly publicKey: LabelKey;
  /** `d` of the JWK; stored under the person's data key alone. */
  readonly privateKey: string;
}

/** Whose session a label is of; bound to its ciphertext, so that it cannot be moved elsewhere. */
export interface LabelBinding {
  readonly sub: Sub;
  readonly sessionId: SessionId;
}

/** Longer than any label (`core/user-agent.ts`): a ciphertext's length must not tell which one. */
const PADDED_LENGTH = 32;

export function newLabelKeyPair(): LabelKeyPair {
  const { d, x } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  if (d === undefined || x === undefined) throw new InvariantError('a key pair without its halves');
  return { publicKey: x as LabelKey, privateKey: d };
}

/**
 * Seals what the person alone can open: JWE (RFC 7516), `ECDH-ES` + `A256GCM`. In the compact form,
 * but with associated data, which whoever opens it has to know.
 */
export async function sealLabel(
  publicKey: LabelKey,
  binding: LabelBinding,
  label: string,
): Promise<string> {
  const sealed = await new FlattenedEncrypt(Buffer.from(label.padEnd(PADDED_LENGTH)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .setAdditionalAuthenticatedData(associatedData(binding))
    .encrypt(jwkOf(publicKey));
  return [sealed.protected, '', sealed.iv, sealed.ciphertext, sealed.tag].join('.');
}

/** Undefined for what was altered, moved from another session, or sealed for somebody else. */
export type LabelOpener = (binding: LabelBinding, sealed: string) => Promise<string | undefined>;

/** Opens labels of one person, however many: the private half is imported once. */
export function createLabelOpener({ publicKey, privateKey }: LabelKeyPair): LabelOpener {
  let importing: ReturnType<typeof importJWK> | undefined;
  return async (binding, sealed) => {
    try {
      importing ??= importJWK({ ...jwkOf(publicKey), d: privateKey }, 'ECDH-ES');
      return await decryptLabel(await importing, binding, sealed);
    } catch {
      // Whatever is wrong with it, it is not this session's.
      return undefined;
    }
  };
}

async function decryptLabel(
  privateKey: CryptoKey | Uint8Array,
  binding: LabelBinding,
  sealed: string,
): Promise<string> {
  const [header = '', key = '', iv = '', ciphertext = '', tag = ''] = sealed.split('.');
  const aad = Buffer.from(associatedData(binding)).toString('base64url');
  const { plaintext } = await flattenedDecrypt(
    { protected: header, iv, ciphertext, tag, aad, ...(key !== '' && { encrypted_key: key }) },
    privateKey,
    { keyManagementAlgorithms: ['ECDH-ES'], contentEncryptionAlgorithms: ['A256GCM'] },
  );
  return Buffer.from(plaintext).toString('utf8').trimEnd();
}

function jwkOf(publicKey: LabelKey) {
  return { kty: 'OKP', crv: 'X25519', x: publicKey };
}

/** Neither holds a `|`, so that no two bindings read the same. */
function associatedData({ sub, sessionId }: LabelBinding): Uint8Array {
  return Buffer.from(`${sub}|session:${sessionId}|label`);
}
