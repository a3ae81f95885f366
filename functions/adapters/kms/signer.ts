import { createHash } from 'node:crypto';
import { type KMSClient, SignCommand, type SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { SigningAlgorithm } from '../../core/client.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { callAws } from '../aws-errors.ts';
import type { SigningKeys } from '../dynamodb/signing-keys.ts';
import { derToJose } from './der.ts';

const KMS_ALGORITHMS: Readonly<Record<SigningAlgorithm, SigningAlgorithmSpec>> = {
  RS256: 'RSASSA_PKCS1_V1_5_SHA_256',
  ES256: 'ECDSA_SHA_256',
};

interface SignerDeps {
  readonly kms: KMSClient;
  readonly signingKeys: SigningKeys;
  /** Keys are called by ARN, never by alias: an alias can be moved. */
  readonly keyArns: Readonly<Record<SigningAlgorithm, string>>;
}

/** Signs with KMS; one call per token. Throws UnavailableError. */
export function createSigner({ kms, signingKeys, keyArns }: SignerDeps): Signer {
  return {
    async sign(claims, { algorithm, typ }) {
      const keyArn = keyArns[algorithm];
      const kid = await signingKeys.requireKeyId(keyArn);
      const input = `${encode({ alg: algorithm, typ, kid })}.${encode(claims)}`;
      const { Signature: signature } = await callAws('KMS', () =>
        kms.send(
          new SignCommand({
            KeyId: keyArn,
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
    },
  };
}

function encode(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
