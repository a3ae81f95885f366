import { createAlarmClock } from '../states/alarm-clock.ts';
import { Halted } from '../states/states-error.ts';
import type { Clock } from '../types.ts';
import { createEvent } from './event.ts';
import type { ScheduledRule } from './rule.ts';
import type { TargetCaller } from './targets.ts';

/** The schedules of EventBridge in one region. */
export interface Scheduler {
  /** After a move of the clock: starts what has become due, and waits until it is started. */
  clockMoved(): Promise<void>;
  /** The clock went back to its start: all schedules begin anew. */
  reset(): void;
  close(): void;
}

export interface SchedulerOptions {
  readonly region: string;
  readonly rules: ReadonlyArray<ScheduledRule>;
  readonly targets: TargetCaller;
  readonly clock: Clock;
}

/**
 * A rule fires for the first time one period after the start. Periods that a move of the clock leapt
 * over fire once: to a rule, such a move is one moment.
 */
export function startScheduler({ region, rules, targets, clock }: SchedulerOptions): Scheduler {
  const alarms = createAlarmClock(clock);
  let over = new AbortController();

  const follow = async (rule: ScheduledRule, signal: AbortSignal) => {
    let dueMs = rule.schedule.nextAfter(clock.nowMs());
    while (dueMs !== undefined) {
      await alarms.until(dueMs, signal);
      targets.call(rule, scheduledEvent(rule, region, clock.nowMs()));
      dueMs = rule.schedule.nextAfter(clock.nowMs());
    }
  };
  const followAll = () => {
    for (const rule of rules) {
      follow(rule, over.signal).catch((error: unknown) => {
        if (!(error instanceof Halted)) console.error(`the rule ${rule.name} failed:`, error);
      });
    }
  };

  followAll();
  return {
    async clockMoved() {
      alarms.ring();
      // Whoever was rung awake starts a round of the event loop later.
      await new Promise((resolve) => setImmediate(resolve));
      await targets.settled();
    },
    reset: () => {
      over.abort();
      over = new AbortController();
      followAll();
    },
    close: () => over.abort(),
  };
}

/** What EventBridge tells targets that were given no input of their own. */
function scheduledEvent({ arn }: ScheduledRule, region: string, nowMs: number) {
  const told = { 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };
  return createEvent({ ...told, region, resources: [arn] }, nowMs);
}
