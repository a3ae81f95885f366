import { ENVIRONMENT, requireInteger, requireText, TUNABLES } from '../environment.ts';
import { readCells } from '../topology.ts';

/** What operators tune of every surface where people sign in. */
export interface PeopleSettings {
  readonly issuer: string;
  readonly productName: string;
  readonly defaultLanguage: string;
  readonly passwordMinimumLength: number;
  readonly sessionAbsoluteLifetimeSeconds: number;
}

export function readPeopleSettings(): PeopleSettings {
  return {
    issuer: requireText(ENVIRONMENT.issuer),
    productName: requireText(TUNABLES.productName),
    defaultLanguage: requireText(TUNABLES.defaultLanguage),
    passwordMinimumLength: requireInteger(TUNABLES.passwordMinimumLength),
    sessionAbsoluteLifetimeSeconds: requireInteger(TUNABLES.sessionAbsoluteLifetimeSeconds),
  };
}

/** What adapters need to know of operators' limits; units in the names. */
export function readPeopleLimits() {
  return {
    sessionIdleLifetimeSeconds: requireInteger(TUNABLES.sessionIdleLifetimeSeconds),
    attempts: {
      limit: requireInteger(TUNABLES.signInFailureLimit),
      windowSeconds: requireInteger(TUNABLES.signInFailureWindowSeconds),
    },
    argon2: {
      memoryKiB: requireInteger(TUNABLES.argon2MemoryKiB),
      passes: requireInteger(TUNABLES.argon2Passes),
      parallelism: requireInteger(TUNABLES.argon2Parallelism),
    },
  };
}

/** Where things are. */
export function readPlaces() {
  return {
    cell: requireText(ENVIRONMENT.cell),
    directoryTable: requireText(ENVIRONMENT.directoryTable),
    dataTable: requireText(ENVIRONMENT.dataTable),
    keyTable: requireText(ENVIRONMENT.keyTable),
    fromAddress: requireText(TUNABLES.fromAddress),
    remotePrimary: findRemotePrimary(),
  };
}

/** Region of the primary directory; undefined for the cell that is there. */
function findRemotePrimary(): string | undefined {
  const primaryRegion = requireText(ENVIRONMENT.primaryRegion);
  return primaryRegion === readCells().own.region ? undefined : primaryRegion;
}
