import { describeClient } from '../../core/client-metadata.ts';
import { loadClient, requireClientId } from '../client-input.ts';
import type { Operation } from '../operation.ts';

/** `client.show`: the metadata, and when its secrets were made and end. */
export const showClientOperation: Operation = async (deps, input) => {
  const client = await loadClient(deps, requireClientId(input));
  const secrets = client.secrets.map(({ createdAt, expiresAt }) => ({
    created_at: createdAt,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  }));
  const result = { ...describeClient(client), domicile_secrets: secrets };
  return { result, clientId: client.clientId };
};
