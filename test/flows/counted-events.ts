/** What functions count, and what alarms and dashboards of the templates read. */
import type { TestCloud } from '../harness/cloud.ts';
import type { Synthesized } from '../infra/synthesized.ts';

interface Operations {
  readonly app: Synthesized;
  /** `Operations-eu` */
  readonly stack: string;
}

/** A line in the embedded metric format, as CloudWatch reads it. */
interface EmfRecord extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: ReadonlyArray<{
      readonly Namespace: string;
      readonly Dimensions: ReadonlyArray<ReadonlyArray<string>>;
      readonly Metrics: ReadonlyArray<{ readonly Name: string }>;
    }>;
  };
}

/** `namespace/name/dimension=value`, oldest first. A function's log is read behind its answer. */
export function countedIn(cloud: Pick<TestCloud, 'logs'>): ReadonlyArray<string> {
  const messages = cloud.logs().map(({ message }) => message);
  return messages
    .filter((message): message is EmfRecord => Object.hasOwn(Object(message), '_aws'))
    .reverse()
    .flatMap((record) =>
      record._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.flatMap(({ Name }) =>
          Dimensions.map((names) => {
            const dimensions = names.map((name) => `${name}=${String(record[name])}`);
            return [Namespace, Name, ...dimensions].join('/');
          }),
        ),
      ),
    );
}

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
}

/** One metric stands in the alarm itself. */
interface Alarm extends Partial<Metric> {
  readonly AlarmName?: unknown;
  readonly Metrics?: ReadonlyArray<{ readonly MetricStat?: { readonly Metric: Metric } }>;
}

export function metricsOfAlarm({ app, stack }: Operations, name: string): ReadonlyArray<string> {
  const alarms: ReadonlyArray<Alarm> = app.propertiesOf(stack, 'AWS::CloudWatch::Alarm');
  const { Metrics, Namespace, MetricName, Dimensions }: Alarm =
    alarms.find(({ AlarmName }) => AlarmName === name) ?? {};
  const single =
    Namespace !== undefined && MetricName !== undefined && Dimensions !== undefined
      ? [{ Namespace, MetricName, Dimensions }]
      : [];
  const several = (Metrics ?? []).flatMap(({ MetricStat }) =>
    MetricStat === undefined ? [] : [MetricStat.Metric],
  );
  return [...single, ...several]
    .map(({ Namespace, MetricName, Dimensions }) =>
      [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join('/'),
    )
    .sort();
}

interface Widget {
  readonly properties: {
    /** `[namespace, name, dimension, value, …, options]` each. */
    readonly metrics?: ReadonlyArray<ReadonlyArray<unknown>>;
  };
}

/** Of our own namespace. */
export function metricsOfDashboard({ app, stack }: Operations): ReadonlyArray<string> {
  const [dashboard] = app.propertiesOf(stack, 'AWS::CloudWatch::Dashboard');
  const body = dashboard?.['DashboardBody'] as { 'Fn::Join': [string, ReadonlyArray<unknown>] };
  const parts = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'resolved'));
  const { widgets } = JSON.parse(parts.join('')) as { widgets: ReadonlyArray<Widget> };
  const shown = widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => namespace === 'Domicile')
    .map(([namespace, name, dimension, value]) => `${namespace}/${name}/${dimension}=${value}`);
  return [...new Set(shown)].sort();
}
