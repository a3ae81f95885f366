import { rotateSecrets, usesSecret } from '../../core/client-secrets.ts';
import {
  describeSecret,
  loadClient,
  newSecret,
  replaceClient,
  requireClientId,
} from '../client-input.ts';
import { AdminError, type Input, type Operation } from '../operation.ts';
import { laterThan } from './update-client.ts';

const DEFAULT_OVERLAP_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 2_592_000;

/** `client.rotate-secret`: a new secret at once; the old one works until the overlap ends. */
export const rotateSecretOperation: Operation = async (deps, input, now) => {
  const overlapSeconds = readOverlap(input);
  const before = await loadClient(deps, requireClientId(input));
  if (!usesSecret(before)) {
    throw new AdminError('invalid_request', 'the client authenticates without a secret');
  }
  const secret = newSecret(deps);
  const hash = deps.hashSecret(secret);
  const secrets = rotateSecrets(before.secrets, hash, { now, overlapSeconds });
  const after = { ...before, secrets, updatedAt: laterThan(before, now) };
  await replaceClient(deps, { before, after, now });
  const previousExpiresAt = secrets[1]?.expiresAt ?? now;
  const { clientId } = before;
  return {
    result: {
      client_id: clientId,
      ...describeSecret(secret),
      domicile_previous_secret_expires_at: previousExpiresAt,
    },
    clientId,
  };
};

function readOverlap({ overlap_seconds: seconds }: Input): number {
  if (seconds === undefined) return DEFAULT_OVERLAP_SECONDS;
  const isSound =
    typeof seconds === 'number' &&
    Number.isInteger(seconds) &&
    seconds >= 0 &&
    seconds <= MAX_OVERLAP_SECONDS;
  if (isSound) return seconds;
  throw new AdminError(
    'invalid_request',
    `overlap_seconds must be a whole number from 0 to ${MAX_OVERLAP_SECONDS} (30 days)`,
  );
}
