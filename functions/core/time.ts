/** Seconds since 1970-01-01T00:00:00Z, the NumericDate of RFC 7519 §2. */
export type EpochSeconds = number & { readonly __unit: 'EpochSeconds' };

export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 86_400;

/** Rounds down; a token issued at 12:00:00.900 carries 12:00:00. */
export function toEpochSeconds(milliseconds: number): EpochSeconds {
  return Math.floor(milliseconds / 1000) as EpochSeconds;
}

export function addSeconds(time: EpochSeconds, seconds: number): EpochSeconds {
  return (time + seconds) as EpochSeconds;
}

/** `2026-11-22T11:39:11.000Z`, which sorts as time does. */
export function toIsoTime(time: EpochSeconds): string {
  return new Date(time * 1000).toISOString();
}
