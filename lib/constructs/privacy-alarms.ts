import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  AUDIT_MACHINE,
  ERASURE_MACHINE,
  ERASURE_REPLAY_MACHINE,
  EXPORT_MACHINE,
  LOST_ACTS_QUEUE,
} from '../names.ts';
import type { PrivacyTask, Surface } from '../surfaces.ts';
import type { RunbookAnchor } from './impact-alarm.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import { consumerLag, eventsOf, functionMetric, waitingMessages } from './service-metrics.ts';
import { failedRuns } from './workflow.ts';

/** Tasks that wait for processors, and for a turn. */
export const COUNTING_OVERDUE: ReadonlyArray<PrivacyTask> = ['export', 'erasure'];

/** Surfaces that send the mails about an erasure. */
export const TELLING: ReadonlyArray<Surface> = ['privacy', 'privacy-admin', 'interaction'];

/** Whatever is behind by then is read in time: streams keep what happened for a day. */
const BEHIND = Duration.minutes(15);

/** At the first data point that says so. */
const AT_ONCE = { threshold: 0, badPeriods: 1, periods: 1 };

/** A workflow whose runs must not fail, and what is lost while one has. */
interface Watched {
  readonly id: string;
  readonly machine: string;
  readonly runbook: RunbookAnchor;
  readonly impact: string;
}

const WORKFLOWS: ReadonlyArray<Watched> = [
  {
    id: 'ExportFailed',
    machine: EXPORT_MACHINE,
    runbook: 'privacy-request-failed',
    impact: 'Somebody waits for the copy of their data that the law promises within a month.',
  },
  {
    id: 'ErasureFailed',
    machine: ERASURE_MACHINE,
    runbook: 'privacy-request-failed',
    impact: 'Somebody was promised that their data goes, and some of it may still be here.',
  },
  {
    id: 'ErasureReplayFailed',
    machine: ERASURE_REPLAY_MACHINE,
    runbook: 'erasure-replay-failed',
    impact: 'People who were erased may be back in a table that was restored.',
  },
  {
    id: 'AuditUnsealed',
    machine: AUDIT_MACHINE,
    runbook: 'audit-unsealed',
    impact: 'Acts are recorded, but until they are sealed a change to them would not show.',
  },
];

/** Their workflows wait, instead of failing, while Lambda turns them away. */
const WAITING_FOR_OTHERS = [
  { task: 'export', impact: 'Copies of data that people wait for are not made.' },
  { task: 'erasure', impact: 'Data that was promised to go stays for longer.' },
] as const;

/** Half an hour of refusals without a pause: no rush of requests takes as long to get through. */
const THROTTLED_PERIODS = 6;

/** Alarms about people's rights and about the audit trail. */
export function watchPrivacy(scope: Construct, alarms: ServiceAlarms): void {
  for (const { id, machine, runbook, impact } of WORKFLOWS) {
    alarms.watch(id, { impact, runbook, metric: failedRuns(scope, machine), ...AT_ONCE });
  }
  alarms.watch('ProcessorOverdue', {
    impact: 'A processor may still hold data of somebody who was erased, or owes it to an export.',
    runbook: 'processor-overdue',
    metric: eventsOf(COUNTING_OVERDUE, 'ProcessorOverdue'),
    ...AT_ONCE,
  });
  alarms.watch('RequestOverdue', {
    impact: 'Somebody waits for their right for longer than the month that the law gives.',
    runbook: 'request-overdue',
    metric: eventsOf(COUNTING_OVERDUE, 'RequestOverdue'),
    ...AT_ONCE,
  });
  for (const { task, impact } of WAITING_FOR_OTHERS) {
    alarms.watch(`${task === 'export' ? 'Export' : 'Erasure'}Throttled`, {
      impact,
      runbook: 'privacy-throttled',
      metric: functionMetric(task, 'Throttles'),
      threshold: 0,
      ...{ badPeriods: THROTTLED_PERIODS, periods: THROTTLED_PERIODS },
    });
  }
  alarms.watch('AuditBehind', {
    impact: 'Acts reach the audit trail late; those that wait for a day never do.',
    runbook: 'audit-behind',
    metric: consumerLag('events'),
    threshold: BEHIND.toMilliseconds(),
  });
  alarms.watch('ActsLost', {
    impact: 'Acts are missing from the audit trail until somebody brings them in.',
    runbook: 'acts-lost',
    metric: waitingMessages(LOST_ACTS_QUEUE),
    ...AT_ONCE,
  });
}
