import { findTraces } from './found-traces.ts';
import { DONE, type State } from './state.ts';

/** Counts what there is before it goes: a crash among the deletions loses no count. */
export const countItems: State = async (
  { erasures, collection, consentHistory, exports },
  { requestId },
  now,
) => {
  const { sub, facts } = await erasures.load(requestId);
  // Copies of all that goes now; the account is closed, so that no further one is begun.
  await exports.endAll(sub, now);
  if (facts?.deletedItems !== undefined) return DONE;
  const deletedItems = await collection.count(sub);
  const { 'CONSENT-EVENT': choices = 0 } = deletedItems;
  const anonymisedItems = consentHistory === 'anonymise' ? { 'CONSENT-EVENT': choices } : {};
  await erasures.note(requestId, { deletedItems, anonymisedItems });
  return DONE;
};

/** A bounded number at a time; done when the person's collection has been seen to be empty. */
export const deleteItems: State = async (deps, { requestId }, now) => {
  const { erasures, collection } = deps;
  const { sub, facts } = await erasures.load(requestId);
  const { salt, identifiers } = await findTraces(deps, requestId);
  // Before the account that leads to them: no restored copy has a pointer to nobody.
  await deps.quarantine.removePointers(sub, identifiers);
  if (!(await collection.deleteSome(sub, salt))) return { outcome: 'more' };
  if (facts?.itemsDeletedAt === undefined) await erasures.note(requestId, { itemsDeletedAt: now });
  return DONE;
};
