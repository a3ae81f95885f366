/** What is counted of rights that are not carried out as promised is what dashboard and alarms read. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COUNTED_OF_PRIVACY } from '../../functions/environment.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { readLink } from '../harness/journeys.ts';
import { singleCell } from '../infra/synthesized.ts';
import { countedIn, metricsOfAlarm, metricsOfDashboard } from './counted-events.ts';
import { askForErasure, createOperator, DAY, runTo } from './erasure-asking.ts';
import { plantedWithToken } from './planted-with-token.ts';
import { rest } from './rest.ts';

// Read from the template before any connection is open: synthesis holds up the process.
const OPERATIONS = { app: singleCell, stack: 'Operations-eu' };
const isOfPrivacy = (metric: string) =>
  COUNTED_OF_PRIVACY.some((name) => metric.includes(`/${name}/`));
const SHOWN = metricsOfDashboard(OPERATIONS).filter(isOfPrivacy);
const READ_BY_ALARMS = ['domicile-processor-overdue', 'domicile-request-overdue'].flatMap((name) =>
  metricsOfAlarm(OPERATIONS, name),
);

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

const counted = () => [...new Set(countedIn(cloud))].filter(isOfPrivacy).sort();

it('deadlines that pass are counted under the names that alarms read', async () => {
  const [leaving, asking] = [await plantedWithToken(cloud), await plantedWithToken(cloud)];
  const { requestId } = await askForErasure(cloud, leaving);
  // It fails, and somebody looks when its month is over.
  const failing = { service: 'lambda', operation: 'Invoke', resource: 'domicile-export' };
  cloud.fault({ ...failing, kind: 'error', times: 99 });
  await rest(cloud, 'POST /v1/me/export', { token: asking.token, body: {} });
  await cloud.advance(40 * DAY);
  cloud.clearFaults();
  const failed = cloud.executions().filter(({ status }) => status === 'FAILED');
  for (const { arn } of failed) await cloud.redrive(arn);
  await cloud.advance(40 * DAY);
  await runTo(cloud, requestId, 'WaitQuarantine');
  await expect.poll(counted).toEqual(READ_BY_ALARMS.toSorted());
});

it('the dashboard shows all that is counted, mails that did not leave included', async () => {
  const operator = await createOperator(cloud);
  const leaving = await plantedWithToken(cloud);
  failNextMail();
  await askForErasure(cloud, leaving);
  cloud.clearFaults();
  const other = await plantedWithToken(cloud);
  failNextMail();
  const body = { kind: 'erasure', sub: other.sub, reason: 'a letter' };
  await operator.call('POST /v1/admin/privacy/requests', { body });
  cloud.clearFaults();
  const staying = await plantedWithToken(cloud);
  await askForErasure(cloud, staying);
  const link = await readLink(cloud, staying.person.email, '/keep-account');
  const agent = createAgent(cloud);
  const page = await agent.get(link);
  failNextMail();
  await agent.submit(page, '/keep-account');
  await expect.poll(counted).toEqual(SHOWN);
});

/** As often as the SDK tries. */
function failNextMail(): void {
  cloud.clearFaults();
  cloud.fault({ service: 'ses', operation: 'SendEmail', kind: 'error', times: 3 });
}
