import { Dashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { HTTP_SURFACES } from '../surfaces.ts';
import type { ServiceKeyArns } from './key-access.ts';
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
  readonly keys: ServiceKeyArns;
  readonly tableNames: ReadonlyArray<string>;
}

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
    graph('Signatures a minute', [
      signatures(props.keys.rs256, 'RS256'),
      signatures(props.keys.es256, 'ES256'),
    ]),
    graph('Function errors', [
      ...HTTP_SURFACES.map((surface) => functionMetric(surface, 'Errors')),
      functionMetric('admin', 'Errors'),
    ]),
  );
  dashboard.addWidgets(
    graph('Failed sign-ins', [eventCount('interaction', 'SignInFailed')]),
    graph('Mail reputation', [mailReputation('BounceRate'), mailReputation('ComplaintRate')]),
    graph(
      'Invocations by surface',
      HTTP_SURFACES.map((surface) => functionMetric(surface, 'Invocations')),
    ),
  );
  return dashboard;
}

function graph(title: string, left: Array<IMetric>): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
