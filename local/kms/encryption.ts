/** Symmetric encryption: AES-256-GCM, the encryption context as additional data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../types.ts';
import { blob, encryptionContext, keyId, parse } from './input.ts';
import type { Key, KeyStore } from './keys.ts';
import { requireUsage } from './usage.ts';

type Context = Readonly<Record<string, string>>;

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const algorithm = z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT');

const encryptInput = z.object({
  KeyId: keyId,
  Plaintext: blob(4096),
  EncryptionContext: encryptionContext,
  EncryptionAlgorithm: algorithm,
});

const decryptInput = z.object({
  KeyId: keyId.optional(),
  CiphertextBlob: blob(6144),
  EncryptionContext: encryptionContext,
  EncryptionAlgorithm: algorithm,
});

const dataKeyInput = z
  .object({
    KeyId: keyId,
    EncryptionContext: encryptionContext,
    KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
    NumberOfBytes: z.int().min(1).max(1024).optional(),
  })
  .refine((input) => (input.KeySpec === undefined) !== (input.NumberOfBytes === undefined), {
    message: 'Please specify either number of bytes or key spec.',
  });

export function encrypt(keys: KeyStore, input: unknown) {
  const { KeyId, Plaintext, EncryptionContext } = parse(encryptInput, input);
  const key = keys.load(KeyId);
  requireUsage(key, 'ENCRYPT_DECRYPT', 'Encrypt');
  return {
    CiphertextBlob: seal(key, Plaintext, EncryptionContext).toString('base64'),
    KeyId: key.arn,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
}

export function decrypt(keys: KeyStore, input: unknown) {
  const { KeyId, CiphertextBlob, EncryptionContext } = parse(decryptInput, input);
  const named = keyNamedIn(CiphertextBlob);
  const key = named === undefined ? undefined : keys.find(named);
  if (key?.usage !== 'ENCRYPT_DECRYPT') throw invalidCiphertext();
  keys.load(key.keyId);
  if (KeyId !== undefined && keys.load(KeyId).arn !== key.arn) {
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  return {
    Plaintext: unseal(key, CiphertextBlob, EncryptionContext).toString('base64'),
    KeyId: key.arn,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  };
}

export function generateDataKey(keys: KeyStore, input: unknown) {
  const { KeyId, EncryptionContext, KeySpec, NumberOfBytes } = parse(dataKeyInput, input);
  const key = keys.load(KeyId);
  requireUsage(key, 'ENCRYPT_DECRYPT', 'GenerateDataKey');
  const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32));
  return {
    Plaintext: plaintext.toString('base64'),
    CiphertextBlob: seal(key, plaintext, EncryptionContext).toString('base64'),
    KeyId: key.arn,
  };
}

export function generateDataKeyWithoutPlaintext(keys: KeyStore, input: unknown) {
  const { Plaintext: _, ...rest } = generateDataKey(keys, input);
  return rest;
}

/** Which key a ciphertext names in its clear head; undefined for bytes that are no ciphertext. */
export function keyNamedIn(ciphertext: Buffer): string | undefined {
  const length = ciphertext[1] ?? 0;
  const smallest = 2 + length + NONCE_BYTES + TAG_BYTES;
  if (ciphertext[0] !== VERSION || ciphertext.length < smallest) return undefined;
  return ciphertext.toString('utf8', 2, 2 + length);
}

/** version ‖ length of key id ‖ key id ‖ nonce ‖ tag ‖ AES-256-GCM(plaintext) */
function seal(key: Key, plaintext: Buffer, context: Context): Buffer {
  const id = Buffer.from(key.keyId);
  const head = Buffer.concat([Buffer.from([VERSION, id.length]), id]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.material, nonce);
  cipher.setAAD(additionalData(head, context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

function unseal(key: Key, ciphertext: Buffer, context: Context): Buffer {
  const headLength = 2 + Buffer.byteLength(key.keyId);
  const head = ciphertext.subarray(0, headLength);
  const nonce = ciphertext.subarray(headLength, headLength + NONCE_BYTES);
  const body = ciphertext.subarray(headLength + NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.material, nonce);
  decipher.setAuthTag(ciphertext.subarray(headLength + NONCE_BYTES).subarray(0, TAG_BYTES));
  decipher.setAAD(additionalData(head, context));
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    // Wrong context and tampering look the same, in AWS as here.
    throw Object.assign(invalidCiphertext(), { cause });
  }
}

/** The order of the context's members does not matter, so they are sorted. */
function additionalData(head: Buffer, context: Context): Buffer {
  const members = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([head, Buffer.from(JSON.stringify(members))]);
}

function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}
