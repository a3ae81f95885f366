import {
  Alarm,
  type ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Headings of `docs/runbook.md`; a test holds both equal. */
export type RunbookAnchor =
  | 'api-errors'
  | 'surface-slow'
  | 'surface-errors'
  | 'surface-throttled'
  | 'privacy-throttled'
  | 'table-throttled'
  | 'table-errors'
  | 'signing-near-quota'
  | 'mail-bounces'
  | 'mail-complaints'
  | 'sign-in-failures'
  | 'key-rotation-failed'
  | 'cell-calls-failing'
  | 'hand-overs-refused'
  | 'directory-behind'
  | 'claims-pending'
  | 'privacy-request-failed'
  | 'erasure-replay-failed'
  | 'processor-overdue'
  | 'request-overdue'
  | 'audit-unsealed'
  | 'audit-behind'
  | 'acts-lost';

export interface ImpactAlarmProps {
  /** What customers lose while it rings: one sentence. */
  readonly impact: string;
  readonly runbook: RunbookAnchor;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** Periods of the metric that must be bad, of those looked at. */
  readonly badPeriods: number;
  readonly periods: number;
  readonly action: IAlarmAction;
}

/** An alarm that says what it means and where to read on. Silence of a metric is no alarm. */
export function createImpactAlarm(scope: Construct, id: string, props: ImpactAlarmProps): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmName: `domicile-${kebab(id)}`,
    alarmDescription: `Impact: ${props.impact} Runbook: docs/runbook.md#${props.runbook}`,
    metric: props.metric,
    threshold: props.threshold,
    comparisonOperator: props.comparison,
    datapointsToAlarm: props.badPeriods,
    evaluationPeriods: props.periods,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(props.action);
  alarm.addOkAction(props.action);
  return alarm;
}

function kebab(id: string): string {
  return id.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase();
}
