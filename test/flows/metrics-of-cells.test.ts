/** What cells count of each other is what the alarms and dashboards of several cells read. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  COUNTED_BETWEEN_CELLS,
  COUNTED_EVENTS,
  COUNTED_OF_PRIVACY,
} from '../../functions/environment.ts';
import { createAgent } from '../harness/agent.ts';
import { attemptAuthorization, pushRequest, registerApp, userinfo } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { confirmByCode, newPerson, obtainTokens, signUp } from '../harness/journeys.ts';
import { threeCells } from '../infra/synthesized.ts';
import { pathOf } from './answers.ts';
import { countedIn, metricsOfAlarm, metricsOfDashboard } from './counted-events.ts';
import { identify, openSignUpAt, plantResident, requireUrl } from './residents.ts';

// Read from the templates before any connection is open: synthesis holds up the process.
const IN_US = { app: threeCells, stack: 'Operations-us' };
const SHOWN = metricsOfDashboard(IN_US);
const CALLS = metricsOfAlarm(IN_US, 'domicile-cell-calls-failing');
const ofSingleCell = (metric: string) =>
  [...COUNTED_EVENTS, ...COUNTED_OF_PRIVACY].some((name) => metric.includes(`/${name}/`));

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
});
afterAll(() => cloud?.close());

/** Of what several cells add. */
function counted(): ReadonlyArray<string> {
  const metrics = countedIn(cloud).filter((metric) => !ofSingleCell(metric));
  return [...new Set(metrics)].sort();
}

it('the dashboard shows every event that cells count of each other', async () => {
  const shop = await registerApp(cloud);
  await cloud.flushReplication();
  const { agent, person } = await plantResident(cloud, 'eu');
  const tokens = await obtainTokens(cloud, agent, shop);
  const inEu = { issuer: requireUrl(cloud, 'eu') };
  const pushed = await pushRequest(inEu, attemptAuthorization(inEu, shop));
  const inUs = { issuer: requireUrl(cloud, 'us') };

  // An account at home elsewhere, while the primary's directory cannot be written.
  const newcomer = newPerson();
  const browser = createAgent(cloud);
  const form = await openSignUpAt(cloud, browser, 'us');
  const verify = await signUp(browser, form, newcomer);
  const region = cloud.regions['eu'] ?? '';
  cloud.fault({ service: 'dynamodb', operation: 'UpdateItem', region, kind: 'error', times: 10 });
  const confirmed = await confirmByCode(cloud, browser, verify, newcomer);
  cloud.clearFaults();
  expect(pathOf(confirmed)).toBe('/account');
  await expect.poll(counted).toEqual(['Domicile/ClaimLeftPending/service=interaction']);

  await cloud.setCell('eu', 'down');
  const visitor = createAgent(cloud);
  const signIn = await visitor.get(`${inUs.issuer}/sign-in`);
  expect((await identify(visitor, signIn, person.email)).status).toBe(503);
  cloud.setEntry('us');
  expect((await agent.get(`${cloud.issuer}/account`)).status).toBe(503);
  expect((await userinfo(inUs, String(tokens.json['access_token']))).status).toBe(503);
  const elsewhere = new URL(pushed.search, new URL('/oauth2/authorize', inUs.issuer));
  expect((await visitor.get(elsewhere)).status).toBe(503);

  await expect.poll(counted).toEqual(SHOWN.filter((metric) => !ofSingleCell(metric)));
  const names = new Set(counted().map((metric) => metric.split('/')[1]));
  expect([...names].sort()).toEqual([...COUNTED_BETWEEN_CELLS].sort());
  expect(counted()).toEqual(expect.arrayContaining([...CALLS]));
});

it('the dashboard of the primary shows how far replicas are behind', () => {
  const [dashboard] = threeCells.propertiesOf('Operations-eu', 'AWS::CloudWatch::Dashboard');
  const text = JSON.stringify(dashboard);
  expect(text).toContain('ReplicationLatency');
  expect(text).toContain('us-east-1');
  expect(text).toContain('ap-southeast-2');
});
