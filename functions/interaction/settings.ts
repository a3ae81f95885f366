import { ENVIRONMENT, findText, requireInteger, requireText, TUNABLES } from '../environment.ts';

/** What operators tune of this surface. */
export interface InteractionSettings {
  readonly issuer: string;
  readonly productName: string;
  readonly defaultLanguage: string;
  readonly selfRegistration: boolean;
  readonly passwordMinimumLength: number;
  readonly codeLifetimeSeconds: number;
  readonly sessionAbsoluteLifetimeSeconds: number;
  readonly termsUrl: string | undefined;
  readonly privacyUrl: string | undefined;
}

export function readSettings(): InteractionSettings {
  return {
    issuer: requireText(ENVIRONMENT.issuer),
    productName: requireText(TUNABLES.productName),
    defaultLanguage: requireText(TUNABLES.defaultLanguage),
    selfRegistration: requireText(TUNABLES.selfRegistration) === 'enabled',
    passwordMinimumLength: requireInteger(TUNABLES.passwordMinimumLength),
    codeLifetimeSeconds: requireInteger(TUNABLES.oneTimeCodeLifetimeSeconds),
    sessionAbsoluteLifetimeSeconds: requireInteger(TUNABLES.sessionAbsoluteLifetimeSeconds),
    termsUrl: findText(TUNABLES.termsUrl),
    privacyUrl: findText(TUNABLES.privacyUrl),
  };
}

/** What adapters need to know of operators' limits; units in the names. */
export function readLimits() {
  return {
    sessionIdleLifetimeSeconds: requireInteger(TUNABLES.sessionIdleLifetimeSeconds),
    authorizationCodeLifetimeSeconds: requireInteger(TUNABLES.authorizationCodeLifetimeSeconds),
    attempts: {
      limit: requireInteger(TUNABLES.signInFailureLimit),
      windowSeconds: requireInteger(TUNABLES.signInFailureWindowSeconds),
    },
    challenges: {
      tries: requireInteger(TUNABLES.oneTimeCodeTries),
      resendIntervalSeconds: requireInteger(TUNABLES.oneTimeCodeResendIntervalSeconds),
    },
    mails: {
      perAddressAndHour: requireInteger(TUNABLES.oneTimeCodeMailsPerHour),
      perSourceAndHour: requireInteger(TUNABLES.oneTimeCodeMailsPerHourAndSource),
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
    keyringKeyArn: requireText(ENVIRONMENT.keyringKeyArn),
    fromAddress: requireText(TUNABLES.fromAddress),
  };
}
