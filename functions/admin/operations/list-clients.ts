import { describeClient } from '../../core/client-metadata.ts';
import { isId } from '../../core/ids.ts';
import { AdminError, type Operation } from '../operation.ts';

/** `client.list`: a page of clients by id, and the cursor of the next page if there is one. */
export const listClientsOperation: Operation = async ({ registry }, { cursor }) => {
  if (cursor !== undefined && !(typeof cursor === 'string' && isId(cursor))) {
    throw new AdminError('invalid_request', 'cursor is not one that a list returned');
  }
  const page = await registry.list(cursor);
  const clients = page.clients.map(describeClient);
  return { result: page.cursor === undefined ? { clients } : { clients, cursor: page.cursor } };
};
