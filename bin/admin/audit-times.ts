import { type AuditHour, hourOf } from '../../functions/core/audit/hours.ts';
import { type EpochSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import { UsageError } from './usage-error.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** A date, a time, or so long before `now`. Throws UsageError. */
export function parseTime(option: string, text: string, now: EpochSeconds): EpochSeconds {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const seconds = UNIT_SECONDS[unit];
  if (seconds !== undefined) return (now - Number(count) * seconds) as EpochSeconds;
  const milliseconds = Date.parse(text);
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(text);
  if (isTime && !Number.isNaN(milliseconds)) return toEpochSeconds(milliseconds);
  throw new UsageError(
    `--${option} ${text}: a time is written 2026-11-22, 2026-11-22T14:00Z, or 90m, 24h, 7d ago`,
  );
}

/** The hour that a time lies in, `2026-11-22T14:00Z`. */
export function parseHourOf(text: string, now: EpochSeconds): AuditHour {
  return hourOf(parseTime('hour', text, now));
}
