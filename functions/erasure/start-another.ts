import { DONE, type State } from './state.ts';

/** A hold may stand for years, an execution for one: another one goes through all states again. */
export const startAnother: State = async ({ runs }, { requestId, execution }) => {
  await runs.startAfter(requestId, execution);
  return DONE;
};
