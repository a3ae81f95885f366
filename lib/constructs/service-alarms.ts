import { ComparisonOperator, type IAlarmAction, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { createImpactAlarm, type ImpactAlarmProps } from './impact-alarm.ts';
import {
  failedSignIns,
  functionMetric,
  mailReputation,
  serverErrorPercentage,
  signatures,
  tableErrors,
  tableThrottles,
} from './service-metrics.ts';
import type { SurfaceHealth } from './surface-health.ts';

type AlarmProps = Pick<ImpactAlarmProps, 'impact' | 'runbook' | 'metric' | 'threshold'> &
  Partial<ImpactAlarmProps>;

/** KMS signs 1,000 times a second and key type unless the quota is raised: 70 % of a minute. */
const SIGNATURES_PER_MINUTE = 42_000;

/** The alarms of one cell, by what they watch. */
export class ServiceAlarms {
  readonly #scope: Construct;
  readonly #action: IAlarmAction;

  constructor(scope: Construct, action: IAlarmAction) {
    this.#scope = scope;
    this.#action = action;
  }

  watchApi(apiId: string): void {
    this.watch('ApiErrors', {
      impact:
        'More than one request in a hundred fails, so people cannot sign in or stay signed in.',
      runbook: 'api-errors',
      metric: serverErrorPercentage(apiId),
      threshold: 1,
    });
  }

  watchSurface({ surface, lost, slowMs }: SurfaceHealth): void {
    const words = surface.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    const name = words.join('');
    this.watch(`${name}Slow`, {
      impact: `${lost} takes longer than ${slowMs} ms for one request in a hundred.`,
      runbook: 'surface-slow',
      metric: functionMetric(surface, 'Duration', Stats.percentile(99)),
      threshold: slowMs,
      badPeriods: 3,
      periods: 3,
    });
    this.watch(`${name}Errors`, {
      impact: `${lost} crashes or times out for some people.`,
      runbook: 'surface-errors',
      metric: functionMetric(surface, 'Errors'),
      threshold: 2,
    });
    this.watch(`${name}Throttled`, {
      impact: `${lost} is refused for lack of concurrency.`,
      runbook: 'surface-throttled',
      metric: functionMetric(surface, 'Throttles'),
      threshold: 0,
    });
  }

  watchTable(id: string, tableName: string, lost: string): void {
    this.watch(`${id}Throttled`, {
      impact: `${lost} is slow or answers 503, because DynamoDB turns requests away.`,
      runbook: 'table-throttled',
      metric: tableThrottles(tableName),
      threshold: 10,
    });
    this.watch(`${id}Errors`, {
      impact: `${lost} is slow or answers 503, because DynamoDB fails.`,
      runbook: 'table-errors',
      metric: tableErrors(tableName),
      threshold: 10,
    });
  }

  watchSigning(): void {
    for (const [id, keys] of [
      ['SigningRs256', 'Rsa'],
      ['SigningEs256', 'Ecc'],
    ] as const) {
      this.watch(`${id}NearQuota`, {
        impact: 'Soon apps get 503 instead of tokens: KMS signs close to as often as it may.',
        runbook: 'signing-near-quota',
        metric: signatures(keys, id),
        threshold: SIGNATURES_PER_MINUTE,
        badPeriods: 3,
        periods: 5,
      });
    }
  }

  /** SES puts accounts under review at 5 % bounces and 0.1 % complaints. */
  watchMail(): void {
    this.watch('MailBounces', {
      impact: 'SES may stop all mail soon, so nobody could sign up or recover an account.',
      runbook: 'mail-bounces',
      metric: mailReputation('BounceRate'),
      threshold: 0.04,
      badPeriods: 1,
      periods: 1,
    });
    this.watch('MailComplaints', {
      impact: 'SES may stop all mail soon, so nobody could sign up or recover an account.',
      runbook: 'mail-complaints',
      metric: mailReputation('ComplaintRate'),
      threshold: 0.0008,
      badPeriods: 1,
      periods: 1,
    });
  }

  watchSignInFailures(surge: number): void {
    this.watch('SignInFailures', {
      impact: 'Somebody may be trying passwords: accounts with leaked ones are at risk.',
      runbook: 'sign-in-failures',
      metric: failedSignIns(),
      threshold: surge,
      badPeriods: 1,
      periods: 1,
    });
  }

  /** Two bad periods of three, unless it says otherwise. */
  watch(id: string, props: AlarmProps): void {
    createImpactAlarm(this.#scope, id, {
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      badPeriods: 2,
      periods: 3,
      action: this.#action,
      ...props,
    });
  }
}
