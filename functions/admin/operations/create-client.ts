import { createClient, describeClient, requireKnownCells } from '../../core/client-metadata.ts';
import { rotateSecrets, usesSecret } from '../../core/client-secrets.ts';
import type { ClientId } from '../../core/ids.ts';
import { describeSecret, newSecret, requireClientId } from '../client-input.ts';
import { parseMetadata } from '../metadata-schema.ts';
import { AdminError, actingOfOperator, type Operation } from '../operation.ts';

/** `client.create` (RFC 7591 §3). An operator may choose the `client_id`. */
export const createClientOperation: Operation = async (deps, input, now) => {
  const clientId =
    input['client_id'] === undefined ? (deps.randomToken() as ClientId) : requireClientId(input);
  const metadata = await parseMetadata(input);
  const identity = { clientId, secrets: [], createdAt: now, updatedAt: now };
  const client = createClient(metadata, identity);
  requireKnownCells(client, deps.cellNames);
  const secret = usesSecret(client) ? newSecret(deps) : undefined;
  const secrets =
    secret === undefined
      ? []
      : rotateSecrets([], deps.hashSecret(secret), { now, overlapSeconds: 0 });
  if (!(await deps.registry.create({ ...client, secrets }, actingOfOperator(now)))) {
    throw new AdminError(
      'conflict',
      `there is, or once was, a client ${clientId}: choose another client_id`,
    );
  }
  const shown = secret === undefined ? {} : describeSecret(secret);
  return { result: { ...describeClient(client), ...shown }, clientId };
};
