import { join } from 'node:path';
import { createCellCalls } from '../adapters/lambda/cell-calls.ts';
import { createPrivacyAdministration } from '../adapters/privacy-administration.ts';
import { readPrivacyPolicy } from '../adapters/privacy-policy.ts';
import {
  ENVIRONMENT,
  findText,
  PRIVACY_POLICY_FILE,
  requireInteger,
  requireText,
  TUNABLES,
} from '../environment.ts';
import { createForward } from '../http/forwarding.ts';
import { createHomeOf } from '../http/home-of.ts';
import { createSurface } from '../http/surface.ts';
import { readCells } from '../topology.ts';
import { createRoutes } from './routes.ts';

const issuer = requireText(ENVIRONMENT.issuer);
const cells = readCells();
const primaryRegion = requireText(ENVIRONMENT.primaryRegion);
const cellCalls = createCellCalls({ cells, signOfLife: 'privacy-admin' });
const { homes, ...administration } = createPrivacyAdministration({
  issuer,
  places: {
    cell: cells.own.name,
    directoryTable: requireText(ENVIRONMENT.directoryTable),
    dataTable: requireText(ENVIRONMENT.dataTable),
    keyTable: requireText(ENVIRONMENT.keyTable),
    recordsTable: requireText(ENVIRONMENT.recordsTable),
    fromAddress: requireText(TUNABLES.fromAddress),
    remotePrimary: primaryRegion === cells.own.region ? undefined : primaryRegion,
  },
  erasureMachineArn: requireText(ENVIRONMENT.erasureMachineArn),
  exportMachineArn: requireText(ENVIRONMENT.exportMachineArn),
  exportBucket: requireText(ENVIRONMENT.exportBucket),
});

export const handler = createSurface({
  surface: 'privacy-admin',
  edgeSecret: findText(ENVIRONMENT.edgeSecret),
  forward: createForward(cellCalls, 'privacy-admin'),
  routes: createRoutes({
    ...administration,
    policy: readPrivacyPolicy(join(import.meta.dirname, PRIVACY_POLICY_FILE)),
    cells,
    settings: {
      issuer,
      productName: requireText(TUNABLES.productName),
      defaultLanguage: requireText(TUNABLES.defaultLanguage),
    },
    erasureGraceDays: requireInteger(TUNABLES.erasureGraceDays),
    homeOf: createHomeOf({ cells, homes }),
  }),
});
