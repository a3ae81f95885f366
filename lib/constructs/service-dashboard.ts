import { Dashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { areSeveral, type Cell, otherCells, type Topology } from '../config.ts';
import {
  AUDIT_MACHINE,
  DIRECTORY_TABLE,
  ERASURE_MACHINE,
  ERASURE_REPLAY_MACHINE,
  EXPORT_MACHINE,
  exportBucketName,
  LOST_ACTS_QUEUE,
} from '../names.ts';
import { HTTP_SURFACES } from '../surfaces.ts';
import { regionOf } from '../topology-environment.ts';
import { CALLING, LEADING } from './cells-alarms.ts';
import { failedRotations } from './key-rotation.ts';
import { COUNTING_OVERDUE, TELLING } from './privacy-alarms.ts';
import {
  apiMetric,
  bucketBytes,
  consumerLag,
  eventCount,
  functionMetric,
  mailReputation,
  replicationLatency,
  serverErrorPercentage,
  signatures,
  tableThrottles,
  waitingMessages,
} from './service-metrics.ts';
import { failedRuns } from './workflow.ts';

interface DashboardProps {
  readonly cell: Cell;
  readonly topology: Topology;
  readonly apiId: string;
  readonly tableNames: ReadonlyArray<string>;
}

/** Surfaces on which people change passwords. */
const PAGES = ['interaction', 'account'] as const;

/** One screen: is it up, is it quick, what is it close to. */
export function createDashboard(scope: Construct, props: DashboardProps): Dashboard {
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: `domicile-${props.cell.name}`,
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
      ...(isPrimary(props) ? [functionMetric('admin', 'Errors')] : []),
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
  dashboard.addWidgets(...ofPrivacy(scope, props));
  if (areSeveral(props.topology)) dashboard.addWidgets(...acrossCells(props));
  if (isPrimary(props)) {
    dashboard.addWidgets(graph('Key rotations that failed', [failedRotations(scope)]));
  }
  return dashboard;
}

/** Are rights carried out in time, and is everything that happens recorded. */
function ofPrivacy(scope: Construct, { cell }: DashboardProps): ReadonlyArray<GraphWidget> {
  return [
    graph(
      'Exports, erasures and seals that failed',
      [EXPORT_MACHINE, ERASURE_MACHINE, ERASURE_REPLAY_MACHINE, AUDIT_MACHINE].map((name) =>
        failedRuns(scope, name),
      ),
    ),
    graph('Rights not carried out in time', [
      ...COUNTING_OVERDUE.map((task) =>
        eventCount(task, 'ProcessorOverdue').with({ label: `processor, ${task}` }),
      ),
      ...COUNTING_OVERDUE.map((task) =>
        eventCount(task, 'RequestOverdue').with({ label: `request, ${task}` }),
      ),
      ...TELLING.map((surface) =>
        eventCount(surface, 'ErasureNotTold').with({ label: `no mail, ${surface}` }),
      ),
    ]),
    graph('Audit trail: behind (ms), lost', [
      consumerLag('events'),
      waitingMessages(LOST_ACTS_QUEUE),
    ]),
    graph('Exports that wait to be fetched (bytes)', [
      bucketBytes(exportBucketName(cell), 'exports'),
    ]),
  ];
}

/** Is everybody led home, and does everybody learn in time what all share. */
function acrossCells(props: DashboardProps): ReadonlyArray<GraphWidget> {
  const { cell, topology } = props;
  return [
    graph(
      'People not led home',
      LEADING.map((surface) => eventCount(surface, 'HandOverRefused').with({ label: surface })),
    ),
    graph(
      'Calls to other cells that failed',
      CALLING.map((surface) => eventCount(surface, 'CellCallFailed').with({ label: surface })),
    ),
    isPrimary(props)
      ? graph(
          'Directory: until replicas have it (ms)',
          otherCells(topology, cell).map((other) =>
            replicationLatency(DIRECTORY_TABLE, regionOf(other)),
          ),
        )
      : graph('Accounts not confirmed yet', [eventCount('interaction', 'ClaimLeftPending')]),
  ];
}

function isPrimary({ cell, topology }: DashboardProps): boolean {
  return cell.name === topology.primary.name;
}

function graph(title: string, left: Array<IMetric>): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
