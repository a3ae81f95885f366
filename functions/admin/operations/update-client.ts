import type { Client } from '../../core/client.ts';
import { createClient, describeClient, requireKnownCells } from '../../core/client-metadata.ts';
import { rotateSecrets, usesSecret } from '../../core/client-secrets.ts';
import type { EpochSeconds } from '../../core/time.ts';
import {
  describeSecret,
  loadClient,
  newSecret,
  replaceClient,
  requireClientId,
} from '../client-input.ts';
import { parseMetadata } from '../metadata-schema.ts';
import type { Input, Operation } from '../operation.ts';

/** `client.update`: members given are replaced, members given as null take their defaults. */
export const updateClientOperation: Operation = async (deps, input, now) => {
  const before = await loadClient(deps, requireClientId(input));
  const metadata = await parseMetadata(merge(before, input));
  const after = createClient(metadata, { ...before, updatedAt: laterThan(before, now) });
  requireKnownCells(after, deps.cellNames);
  // A client that starts to use a secret gets one; one that stops loses what it has.
  const secret = usesSecret(after) && before.secrets.length === 0 ? newSecret(deps) : undefined;
  const kept = usesSecret(after) ? before.secrets : [];
  const secrets =
    secret === undefined
      ? kept
      : rotateSecrets([], deps.hashSecret(secret), { now, overlapSeconds: 0 });
  await replaceClient(deps, { before, after: { ...after, secrets }, now });
  const shown = secret === undefined ? {} : describeSecret(secret);
  return { result: { ...describeClient(after), ...shown }, clientId: after.clientId };
};

function merge(before: Client, input: Input): Input {
  // What only follows from other members is worked out again.
  const { response_types: _derived, ...described } = describeClient(before);
  const merged = Object.entries({ ...described, ...input });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

/** The condition of a replacement needs a time of its own for every change. */
export function laterThan({ updatedAt }: Client, now: EpochSeconds): EpochSeconds {
  return Math.max(now, updatedAt + 1) as EpochSeconds;
}
