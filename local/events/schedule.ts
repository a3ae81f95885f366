/** A schedule as EventBridge writes it: when it fires next, given when it fired last. */
export interface Schedule {
  /** Milliseconds since 1970; undefined when it never fires again. */
  nextAfter(lastMs: number): number | undefined;
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const RATE = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;
const CRON = /^cron\(([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+) ([^ ]+)\)$/;

/** The expression is none that EventBridge would take, or one that is not spoken here. */
export class ScheduleError extends Error {
  constructor(expression: string, why: string) {
    super(`${expression}: ${why}`);
    this.name = 'ScheduleError';
  }
}

/** Throws ScheduleError. */
export function parseSchedule(expression: string): Schedule {
  const [, count, unit, plural] = RATE.exec(expression) ?? [];
  if (unit === 'minute' || unit === 'hour' || unit === 'day') {
    if ((count === '1') !== (plural === '')) {
      throw new ScheduleError(
        expression,
        `the unit of ${count} must be ${unit} in the other number`,
      );
    }
    const everyMs = Number(count) * UNIT_MS[unit];
    return { nextAfter: (lastMs) => lastMs + everyMs };
  }
  const [, ...fields] = CRON.exec(expression) ?? [];
  if (fields.length === 0) throw new ScheduleError(expression, 'is neither rate(…) nor cron(…)');
  return cron(expression, fields);
}

/** Minute and hour may be numbers, steps or all; of the rest only every day is spoken. */
function cron(expression: string, fields: ReadonlyArray<string>): Schedule {
  const [minute = '', hour = '', ...days] = fields;
  if (!['* * ? *', '? * * *'].includes(days.join(' '))) {
    throw new ScheduleError(expression, 'only schedules of every day are spoken here');
  }
  const minutes = fieldOf(expression, minute, 60);
  const hours = fieldOf(expression, hour, 24);
  return {
    nextAfter: (lastMs) => {
      const firstMs = (Math.floor(lastMs / UNIT_MS.minute) + 1) * UNIT_MS.minute;
      for (let atMs = firstMs; atMs <= firstMs + UNIT_MS.day; atMs += UNIT_MS.minute) {
        const at = new Date(atMs);
        if (minutes.has(at.getUTCMinutes()) && hours.has(at.getUTCHours())) return atMs;
      }
      return undefined;
    },
  };
}

function fieldOf(expression: string, field: string, size: number): ReadonlySet<number> {
  const all = Array.from({ length: size }, (_, value) => value);
  if (field === '*') return new Set(all);
  const [, start, step] = /^(\d+|\*)\/(\d+)$/.exec(field) ?? [];
  if (step !== undefined) {
    const first = start === '*' ? 0 : Number(start);
    return new Set(all.filter((value) => value >= first && (value - first) % Number(step) === 0));
  }
  const values = field.split(',').map(Number);
  if (values.every((value) => Number.isInteger(value) && value >= 0 && value < size)) {
    return new Set(values);
  }
  throw new ScheduleError(expression, `${field} is not spoken here`);
}
