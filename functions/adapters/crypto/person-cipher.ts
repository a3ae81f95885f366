import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InvariantError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type { Keyring } from './keyring.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Where an attribute belongs; bound to its ciphertext, so that it cannot be moved elsewhere. */
export interface AttributeBinding {
  readonly sub: Sub;
  readonly name: string;
  /** Version of the item's shape. */
  readonly version: number;
}

/** 256 random bits: one key per person; deleting it erases the profile everywhere. */
export function newDataKey(): Uint8Array {
  return randomBytes(32);
}

/** The data key under the keyring's current wrapping key: IV, ciphertext, tag. AAD: `sub`. */
export function wrapDataKey(
  keyring: Keyring<'data-key-wrapping'>,
  sub: Sub,
  dataKey: Uint8Array,
): Uint8Array {
  return encrypt(keyring.key('data-key-wrapping'), sub, dataKey);
}

/**
 * `version` is the keyring's that wrapped it. Throws when the wrapped key was altered or belongs to
 * somebody else.
 */
export function unwrapDataKey(
  keyring: Keyring<'data-key-wrapping'>,
  sub: Sub,
  { wrapped, version }: { readonly wrapped: Uint8Array; readonly version: number },
): Uint8Array {
  return decrypt(keyring.key('data-key-wrapping', version), sub, wrapped);
}

/** AES-256-GCM with a random 96-bit IV: IV, ciphertext, tag. AAD: sub, attribute, version. */
export function encryptAttribute(
  dataKey: Uint8Array,
  binding: AttributeBinding,
  plaintext: string,
): Uint8Array {
  return encrypt(dataKey, associatedData(binding), Buffer.from(plaintext, 'utf8'));
}

/** Throws when the ciphertext was altered, or moved from another person, attribute or version. */
export function decryptAttribute(
  dataKey: Uint8Array,
  binding: AttributeBinding,
  ciphertext: Uint8Array,
): string {
  return Buffer.from(decrypt(dataKey, associatedData(binding), ciphertext)).toString('utf8');
}

/** Subs and attribute names hold no `|`, so that no two bindings read the same. */
function associatedData({ sub, name, version }: AttributeBinding): string {
  return `${sub}|${name}|${version}`;
}

function encrypt(key: Uint8Array, associated: string, plaintext: Uint8Array): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(associated));
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, associated: string, sealed: Uint8Array): Uint8Array {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new InvariantError('the ciphertext is too short');
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const body = sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(associated))
    .setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
