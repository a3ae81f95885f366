import { DONE, type ExportState } from './state.ts';

/** After its time, or when its person is gone: nothing of it stays in the bucket. */
export const expire: ExportState = async (
  { runs, files, slots, processors, createAct },
  requestId,
  now,
) => {
  const { request } = await runs.load(requestId);
  await files.removeAll(requestId);
  await processors.forgetData(requestId);
  await slots.release(requestId);
  await runs.expire(request, createAct('export.expired', request, now));
  return DONE;
};
