import { createHash } from 'node:crypto';
import {
  DisabledException,
  type KMSClient,
  KMSInvalidStateException,
  NotFoundException,
  SignCommand,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import type { SigningAlgorithm } from '../../core/client.ts';
import { InvariantError, UnavailableError } from '../../core/errors.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { callAws, isAccessDenied } from '../aws-errors.ts';
import type { ActiveKey, SigningKeys } from '../dynamodb/signing-keys.ts';
import { derToJose } from './der.ts';

const KMS_ALGORITHMS: Readonly<Record<SigningAlgorithm, SigningAlgorithmSpec>> = {
  RS256: 'RSASSA_PKCS1_V1_5_SHA_256',
  ES256: 'ECDSA_SHA_256',
};

interface SignerDeps {
  readonly kms: KMSClient;
  readonly signingKeys: SigningKeys;
  /** Milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

/** IAM hears of a new key and of its tag within five minutes; an emergency signs with it at once. */
const REFUSED_FOR_MS = 600_000;

/**
 * Signs with the active key in the own region, by key id, never by alias: an alias can be moved.
 * One call per token. Throws UnavailableError.
 */
export function createSigner({ kms, signingKeys, nowMs = Date.now }: SignerDeps): Signer {
  return {
    async sign(claims, { algorithm, typ }) {
      const signWith = async (key: ActiveKey) => {
        try {
          return await signClaims(kms, key, { claims, algorithm, typ });
        } catch (error) {
          const isNew = nowMs() - key.since * 1000 < REFUSED_FOR_MS;
          throw isNew && isAccessDenied(error) ? new UnavailableError('KMS', error) : error;
        }
      };
      const active = await signingKeys.requireActive(algorithm);
      try {
        return await signWith(active);
      } catch (error) {
        if (!isRevoked(error)) throw error;
        // Revoked in an emergency, after this container last looked.
        signingKeys.forget(active);
        const successor = await signingKeys.requireActive(algorithm);
        // The directory's replica has not heard of it yet: soon it will.
        if (successor.kid === active.kid) throw new UnavailableError('KMS', error);
        return await signWith(successor);
      }
    },
  };
}

async function signClaims(
  kms: KMSClient,
  { kid, keyId }: ActiveKey,
  { claims, algorithm, typ }: Parameters<Signer['sign']>[1] & { readonly claims: Claims },
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

type Claims = Parameters<Signer['sign']>[0];

/** Disabled, or waiting for its deletion, or deleted. */
function isRevoked(error: unknown): boolean {
  return (
    error instanceof DisabledException ||
    error instanceof KMSInvalidStateException ||
    error instanceof NotFoundException
  );
}

function encode(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
