import type { ExecutionView } from '../local/states/answers.ts';
import { createExportRuns, newExportId } from '../test/flows/export-runs.ts';
import { executionOf } from '../test/flows/exports.ts';
import { createPlanting } from '../test/flows/planted-people.ts';
import type { TestCloud } from '../test/harness/cloud.ts';

/** From the request to the end of the files, processors' answers included. */
export const EXPORT = {
  name: 'export',
  function: 'domicile-export',
  prepare: async (cloud: TestCloud, items: number) => {
    const exports = createExportRuns(cloud);
    const { plant } = createPlanting(cloud, exports.dynamo, 'eu');
    const { sub } = await plant(items);
    return async (): Promise<ExecutionView> => {
      const requestId = newExportId();
      await exports.begin(sub, requestId);
      await exports.untilReady([requestId]);
      await exports.untilExpired([requestId]);
      exports.close();
      return executionOf(cloud, requestId);
    };
  },
};
