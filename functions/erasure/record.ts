import { actOfErasure } from './proof.ts';
import { DONE, type State } from './state.ts';

/**
 * Into the ledger, before anything is deleted: should a table be restored while this workflow is at
 * rest or has failed, the replay knows of it, and a redrive would not. Its turn has come: from here
 * on the person's data goes.
 */
export const record: State = async ({ erasures, ledger, proof }, { requestId }, now) => {
  const request = await erasures.load(requestId);
  const { sub, facts } = request;
  if (facts?.committedAt === undefined) throw new Error('the account was not closed');
  await ledger.record({ sub, erasedAt: facts.committedAt });
  if (facts.ledgeredAt === undefined) await erasures.note(requestId, { ledgeredAt: now });
  // Of the same id and time however often it is told: the audit trail has it once.
  await proof.recordAct(actOfErasure(request, 'erasure.begun', facts.ledgeredAt ?? now));
  return DONE;
};
