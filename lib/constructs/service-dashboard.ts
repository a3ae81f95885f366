import { Dashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { HTTP_SURFACES } from '../surfaces.ts';
import {
  apiMetric,
  eventCount,
  functionMetric,
  mailReputation,
  serverErrorPercentage,
  signatures,
  tableThrottles,
} from './service-metrics.ts';

interface DashboardProps {
  readonly cellName: string;
  readonly apiId: string;
  readonly tableNames: ReadonlyArray<string>;
}

/** Surfaces on which people change passwords. */
const PAGES = ['interaction', 'account'] as const;

/** One screen: is it up, is it quick, what is it close to. */
export function createDashboard(scope: Construct, props: DashboardProps): Dashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: `domicile-${props.cellName}`,
  });
  dashboard.addWidgets(
    graph('Requests', [apiMetric(props.apiId, 'Count')]),
    graph('5xx answers (%)', [serverErrorPercentage(props.apiId)]),
    graph(
      'p99 by surface (ms)',
      HTTP_SURFACES.map((surface) => functionMetric(surface, 'Duration', Stats.percentile(99))),
    ),
  );
  dashboard.addWidgets(
    graph('Tables: throttled', props.tableNames.map(tableThrottles)),
    graph('Signatures a minute', [signatures('Rsa', 'RS256'), signatures('Ecc', 'ES256')]),
    graph('Function errors', [
      ...HTTP_SURFACES.map((surface) => functionMetric(surface, 'Errors')),
      functionMetric('admin', 'Errors'),
    ]),
  );
  dashboard.addWidgets(
    graph('Sign-ins', [
      eventCount('interaction', 'SignInSucceeded'),
      eventCount('interaction', 'SignInFailed'),
      eventCount('interaction', 'SignInLocked'),
    ]),
    graph('Sign-ups and recoveries', [
      eventCount('interaction', 'SignUpCompleted'),
      eventCount('interaction', 'PasswordRecovered'),
    ]),
    graph(
      'Invocations by surface',
      HTTP_SURFACES.map((surface) => functionMetric(surface, 'Invocations')),
    ),
  );
  dashboard.addWidgets(
    graph('Mail reputation', [mailReputation('BounceRate'), mailReputation('ComplaintRate')]),
    graph(
      'Changed passwords not told by mail',
      PAGES.map((surface) => eventCount(surface, 'PasswordChangeNotTold').with({ label: surface })),
    ),
  );
  return dashboard;
}

function graph(title: string, left: Array<IMetric>): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
