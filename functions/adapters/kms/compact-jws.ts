import { createHash } from 'node:crypto';
import { type KMSClient, SignCommand, type SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { SigningAlgorithm } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import { callAws } from '../aws-errors.ts';
import { derToJose } from './der.ts';

const KMS_ALGORITHMS: Readonly<Record<SigningAlgorithm, SigningAlgorithmSpec>> = {
  RS256: 'RSASSA_PKCS1_V1_5_SHA_256',
  ES256: 'ECDSA_SHA_256',
};

interface Signed {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly algorithm: SigningAlgorithm;
  /** RFC 7515 §4.1.9. */
  readonly typ: string;
}

/** JWS compact serialization (RFC 7515 §7.1), signed by a key of KMS: one call. */
export async function signCompact(
  kms: KMSClient,
  { kid, keyId }: { readonly kid: string; readonly keyId: string },
  { claims, algorithm, typ }: Signed,
): Promise<string> {
  const input = `${encode({ alg: algorithm, typ, kid })}.${encode(claims)}`;
  const { Signature: signature } = await callAws('KMS', () =>
    kms.send(
      new SignCommand({
        KeyId: keyId,
        SigningAlgorithm: KMS_ALGORITHMS[algorithm],
        // A digest: raw messages end at 4,096 bytes.
        MessageType: 'DIGEST',
        Message: createHash('sha256').update(input).digest(),
      }),
    ),
  );
  if (signature === undefined) throw new InvariantError('KMS returned no signature');
  const jose = algorithm === 'ES256' ? derToJose(signature) : signature;
  return `${input}.${Buffer.from(jose).toString('base64url')}`;
}

function encode(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
