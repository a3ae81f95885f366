import { ENVIRONMENT, requireInteger, requireText, TUNABLES } from '../environment.ts';

/** Everything that this surface reads from its environment, once. Throws when one is missing. */
export function readSettings() {
  return {
    issuer: requireText(ENVIRONMENT.issuer),
    cell: requireText(ENVIRONMENT.cell),
    primaryRegion: requireText(ENVIRONMENT.primaryRegion),
    directoryTable: requireText(ENVIRONMENT.directoryTable),
    dataTable: requireText(ENVIRONMENT.dataTable),
    keyTable: requireText(ENVIRONMENT.keyTable),
    lifetimes: {
      accessTokenSeconds: requireInteger(TUNABLES.accessTokenLifetimeSeconds),
      idTokenSeconds: requireInteger(TUNABLES.idTokenLifetimeSeconds),
      refreshTokenIdleSeconds: requireInteger(TUNABLES.refreshTokenIdleLifetimeSeconds),
      refreshTokenAbsoluteSeconds: requireInteger(TUNABLES.refreshTokenAbsoluteLifetimeSeconds),
      refreshTokenGraceSeconds: requireInteger(TUNABLES.refreshTokenGraceSeconds),
    },
  };
}
