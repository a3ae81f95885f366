import { DONE, type ExportState, GONE } from './state.ts';

/** The workflow is started before its request is written, which may never happen then. */
export const begin: ExportState = async ({ runs }, requestId) => {
  const run = await runs.find(requestId);
  if (run === undefined) return { outcome: 'absent' };
  return (await runs.isThere(run.request)) ? DONE : GONE;
};
