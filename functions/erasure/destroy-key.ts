import { unreadableFrom } from '../core/erasure/timing.ts';
import { DONE, type State } from './state.ts';

/** First of all deletions: from here on nothing that is left can be read. */
export const destroyKey: State = async ({ erasures, keys }, { requestId }, now) => {
  const { sub, facts } = await erasures.load(requestId);
  await keys.destroy(sub);
  if (facts?.keyDestroyedAt === undefined) {
    // Not before it was deleted for certain: the key table's backups end a day after this.
    await erasures.note(requestId, { keyDestroyedAt: now, unreadableFrom: unreadableFrom(now) });
  }
  return DONE;
};
