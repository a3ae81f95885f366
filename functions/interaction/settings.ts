import { type PeopleSettings, readPeopleSettings } from '../browser/people-settings.ts';
import { type CellShares, parseCellShares } from '../core/decoy-home.ts';
import { type CellCountries, parseCellCountries } from '../core/home-choice.ts';
import { ENVIRONMENT, findText, requireInteger, requireText, TUNABLES } from '../environment.ts';

/** What operators tune of this surface. */
export interface InteractionSettings extends PeopleSettings {
  readonly selfRegistration: boolean;
  readonly codeLifetimeSeconds: number;
  /** Empty with one cell: nobody is asked where they live. */
  readonly cellCountries: CellCountries;
  /** Empty with one cell: nobody seems to be at home elsewhere. */
  readonly cellShares: CellShares;
  readonly termsUrl: string | undefined;
  readonly privacyUrl: string | undefined;
}

export function readSettings(): InteractionSettings {
  return {
    ...readPeopleSettings(),
    selfRegistration: requireText(TUNABLES.selfRegistration) === 'enabled',
    codeLifetimeSeconds: requireInteger(TUNABLES.oneTimeCodeLifetimeSeconds),
    cellCountries: parseCellCountries(findText(ENVIRONMENT.cellCountries) ?? ''),
    cellShares: parseCellShares(findText(ENVIRONMENT.cellShares) ?? ''),
    termsUrl: findText(TUNABLES.termsUrl),
    privacyUrl: findText(TUNABLES.privacyUrl),
  };
}

/** Limits that this surface alone has; units in the names. */
export function readLimits() {
  return {
    authorizationCodeLifetimeSeconds: requireInteger(TUNABLES.authorizationCodeLifetimeSeconds),
    challenges: {
      tries: requireInteger(TUNABLES.oneTimeCodeTries),
      resendIntervalSeconds: requireInteger(TUNABLES.oneTimeCodeResendIntervalSeconds),
    },
    lookUps: { perSource: requireInteger(TUNABLES.lookUpsPerQuarterHourAndSource) },
    mails: {
      perAddressAndHour: requireInteger(TUNABLES.oneTimeCodeMailsPerHour),
      perSourceAndHour: requireInteger(TUNABLES.oneTimeCodeMailsPerHourAndSource),
    },
  };
}
