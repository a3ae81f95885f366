import { DONE, type State } from './state.ts';

/**
 * Into the ledger, before anything is deleted: should a table be restored while this workflow is at
 * rest or has failed, the replay knows of it, and a redrive would not.
 */
export const record: State = async ({ erasures, ledger }, { requestId }, now) => {
  const { sub, facts } = await erasures.load(requestId);
  if (facts?.committedAt === undefined) throw new Error('the account was not closed');
  await ledger.record({ sub, erasedAt: facts.committedAt });
  if (facts.ledgeredAt === undefined) await erasures.note(requestId, { ledgeredAt: now });
  return DONE;
};
