/** Who may consent for themselves: GDPR Art. 8(1), by the age that their country has set. */
import type { PrivacyPolicy } from '../privacy-policy.ts';
import type { EpochSeconds } from '../time.ts';

/** Personal attributes: encrypted under the person's key, asked for only when a purpose needs them. */
export interface AgeFacts {
  /** `YYYY-MM-DD`. */
  readonly birthdate: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const OLDEST_YEARS = 130;
/** GDPR Art. 8(1), where a policy says nothing. */
const DEFAULT_AGE = 16;

/** A day that exists, is not to come, and that somebody alive may have been born on. */
export function isBirthdate(text: string, now: EpochSeconds): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const day = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) return false;
  const age = ageOn(text, now);
  return age >= 0 && age <= OLDEST_YEARS;
}

/** In completed years, by UTC; negative before birth. */
export function ageOn(birthdate: string, now: EpochSeconds): number {
  const today = new Date(now * 1000).toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(birthdate.slice(0, 4));
  // Both are `MM-DD`: who was born on 29 February is a year older on 1 March.
  return today.slice(5) < birthdate.slice(5) ? years - 1 : years;
}

export function mayConsentAlone(
  { consentAges }: Pick<PrivacyPolicy, 'consentAges'>,
  { birthdate, country }: AgeFacts,
  now: EpochSeconds,
): boolean {
  const own = Object.hasOwn(consentAges, country) ? consentAges[country] : undefined;
  return ageOn(birthdate, now) >= (own ?? consentAges['default'] ?? DEFAULT_AGE);
}
