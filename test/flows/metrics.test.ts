/** What functions count is what the alarm and the dashboard of the template read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COUNTED_EVENTS } from '../../functions/environment.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  changePassword,
  createSignedIn,
  type Person,
  resetPassword,
  signIn,
} from '../harness/journeys.ts';
import { propertiesOf } from '../infra/synthesized.ts';

const LIMIT = 3;

// Read from the template before any connection is open: synthesis holds up the process.
const READ_BY_ALARM = metricsOfAlarm('domicile-sign-in-failures');
const SHOWN = metricsOfDashboard();

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ parameters: { SignInFailureLimit: String(LIMIT) } });
});
afterAll(() => cloud?.close());

describe('failed sign-ins', () => {
  it('are counted under the names that the alarm adds up, those refused unread included', async () => {
    const { person } = await createSignedIn(cloud);
    const since = counted().length;
    for (let guess = 0; guess < LIMIT + 2; guess += 1) {
      await tryPassword({ ...person, password: 'a guess of somebody' });
    }
    const failures = () => counted().slice(since);
    await expect.poll(failures).toHaveLength(LIMIT + 2);
    expect([...new Set(failures())].sort()).toEqual(READ_BY_ALARM);
  });

  it('are not those of people who know their password', async () => {
    const { person } = await createSignedIn(cloud);
    const since = counted().length;
    await tryPassword(person);
    await expect
      .poll(() => counted().slice(since))
      .toEqual(['Domicile/SignInSucceeded/service=interaction']);
  });
});

describe('the dashboard', () => {
  it('shows every event that functions count, and reads none that they do not', async () => {
    const { person, agent } = await createSignedIn(cloud);
    for (let guess = 0; guess <= LIMIT; guess += 1) {
      await tryPassword({ ...person, password: 'a guess of somebody' });
    }
    const recovering = createAgent(cloud.issuer);
    const page = await askRecovery(recovering, person.email);
    const renewed = { ...person, password: 'a wholly new password' };
    failNextMail();
    await resetPassword(cloud, recovering, page, renewed);
    await signIn(agent, await agent.get('/sign-in'), renewed);
    failNextMail();
    await changePassword(agent, renewed.password, 'and yet another one');

    await expect.poll(() => [...new Set(counted())].sort()).toEqual(SHOWN);
    const names = new Set(SHOWN.map((metric) => metric.split('/')[1]));
    expect([...names].sort()).toEqual([...COUNTED_EVENTS].sort());
  });
});

/** From a browser that has never been here. */
async function tryPassword(person: Person): Promise<void> {
  const agent = createAgent(cloud.issuer);
  await signIn(agent, await agent.get('/sign-in'), person);
}

function failNextMail(): void {
  cloud.clearFaults();
  cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 3 });
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
function counted(): ReadonlyArray<string> {
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

interface AlarmMetric {
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: ReadonlyArray<{ readonly Name: string; readonly Value: string }>;
    };
  };
}

function metricsOfAlarm(name: string): ReadonlyArray<string> {
  const alarms = propertiesOf('Operations-eu', 'AWS::CloudWatch::Alarm');
  const alarm = alarms.find(({ AlarmName }) => AlarmName === name);
  const metrics = (alarm?.['Metrics'] ?? []) as ReadonlyArray<AlarmMetric>;
  return metrics
    .flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]))
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
function metricsOfDashboard(): ReadonlyArray<string> {
  const [dashboard] = propertiesOf('Operations-eu', 'AWS::CloudWatch::Dashboard');
  const body = dashboard?.['DashboardBody'] as { 'Fn::Join': [string, ReadonlyArray<unknown>] };
  const parts = body['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'resolved'));
  const { widgets } = JSON.parse(parts.join('')) as { widgets: ReadonlyArray<Widget> };
  const shown = widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => namespace === 'Domicile')
    .map(([namespace, name, dimension, value]) => `${namespace}/${name}/${dimension}=${value}`);
  return [...new Set(shown)].sort();
}
