/** Sign, Verify, GetPublicKey. */
import { createHash, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../types.ts';
import { type SigningAlgorithm, signDigest, verifyDigest } from './digest-signatures.ts';
import { blob, keyId, parse } from './input.ts';
import type { KeySpec } from './key-material.ts';
import type { Key, KeyStore } from './keys.ts';
import { requireUsage } from './usage.ts';

const DIGEST_BYTES = 32;

export const SIGNING_ALGORITHMS: Readonly<Record<KeySpec, ReadonlyArray<SigningAlgorithm>>> = {
  RSA_2048: ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'],
  ECC_NIST_P256: ['ECDSA_SHA_256'],
  SYMMETRIC_DEFAULT: [],
  HMAC_256: [],
};

const signInput = z.object({
  KeyId: keyId,
  Message: blob(4096),
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.enum(['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256', 'ECDSA_SHA_256']),
});

type SignRequest = z.infer<typeof signInput>;

const verifyInput = signInput.extend({ Signature: blob(6144) });
const publicKeyInput = z.object({ KeyId: keyId });

/** Signatures of elliptic curves are DER, as KMS gives them. */
export function sign(keys: KeyStore, input: unknown) {
  const request = parse(signInput, input);
  const key = loadSigningKey(keys, request, 'Sign');
  const signature = signDigest(key.material, request.SigningAlgorithm, digestOf(request));
  return {
    KeyId: key.arn,
    Signature: signature.toString('base64'),
    SigningAlgorithm: request.SigningAlgorithm,
  };
}

export function verify(keys: KeyStore, input: unknown) {
  const request = parse(verifyInput, input);
  const key = loadSigningKey(keys, request, 'Verify');
  const { SigningAlgorithm, Signature } = request;
  const publicKey = createPublicKey(key.material);
  if (!verifyDigest(publicKey, SigningAlgorithm, digestOf(request), Signature)) {
    throw new AwsError('KMSInvalidSignatureException', '');
  }
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm };
}

/** The public key as SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7). */
export function getPublicKey(keys: KeyStore, input: unknown) {
  const key = keys.load(parse(publicKeyInput, input).KeyId);
  if (key.usage !== 'SIGN_VERIFY') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${key.arn} KeySpec is ${key.spec} which is not valid for this operation.`,
    );
  }
  const spki = createPublicKey(key.material).export({ type: 'spki', format: 'der' });
  return {
    KeyId: key.arn,
    PublicKey: spki.toString('base64'),
    KeySpec: key.spec,
    KeyUsage: key.usage,
    SigningAlgorithms: SIGNING_ALGORITHMS[key.spec],
  };
}

function loadSigningKey(keys: KeyStore, request: SignRequest, operation: string): Key {
  const key = keys.load(request.KeyId);
  requireUsage(key, 'SIGN_VERIFY', operation);
  if (SIGNING_ALGORITHMS[key.spec].includes(request.SigningAlgorithm)) return key;
  throw new AwsError(
    'InvalidKeyUsageException',
    `Algorithm ${request.SigningAlgorithm} is incompatible with key spec ${key.spec}.`,
  );
}

function digestOf({ Message, MessageType, SigningAlgorithm }: SignRequest): Buffer {
  if (MessageType === 'RAW') return createHash('sha256').update(Message).digest();
  if (Message.length === DIGEST_BYTES) return Message;
  throw new AwsError(
    'ValidationException',
    `Digest is invalid length for algorithm ${SigningAlgorithm}.`,
  );
}
