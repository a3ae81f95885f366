import { notFound, requireClientId } from '../client-input.ts';
import { actingOfOperator, type Operation } from '../operation.ts';

/**
 * `client.delete`: its tokens can no longer be refreshed; those that are out expire. Its id is not
 * given again, so that nobody inherits what people granted to it.
 */
export const deleteClientOperation: Operation = async ({ registry }, input, now) => {
  const clientId = requireClientId(input);
  if (!(await registry.delete(clientId, actingOfOperator(now)))) throw notFound(clientId);
  return { result: { client_id: clientId }, clientId };
};
