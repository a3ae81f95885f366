import {
  DisabledException,
  type KMSClient,
  KMSInvalidStateException,
  NotFoundException,
} from '@aws-sdk/client-kms';
import { UnavailableError } from '../../core/errors.ts';
import type { Signer } from '../../core/ports/signer.ts';
import { isAccessDenied } from '../aws-errors.ts';
import type { ActiveKey, SigningKeys } from '../dynamodb/signing-keys.ts';
import { signCompact } from './compact-jws.ts';

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
          return await signCompact(kms, key, { claims, algorithm, typ });
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

/** Disabled, or waiting for its deletion, or deleted. */
function isRevoked(error: unknown): boolean {
  return (
    error instanceof DisabledException ||
    error instanceof KMSInvalidStateException ||
    error instanceof NotFoundException
  );
}
