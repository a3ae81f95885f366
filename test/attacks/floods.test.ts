import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import {
  type App,
  clientCredentials,
  refresh,
  registerApp,
  registerMachine,
  requireText,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainTokens } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

let cloud: TestCloud;
let app: App;
beforeAll(async () => {
  cloud = await startTestCloud({
    parameters: { SignInThrottlingRatePerSecond: '1', SignInThrottlingBurst: '5' },
  });
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

it('a flood of one form is turned away there; tokens and the other forms work as before', async () => {
  const { agent } = await plantSignedIn(cloud);
  const token = requireText(await obtainTokens(cloud, agent, app), 'refresh_token');
  const flood = await Promise.all(
    Array.from({ length: 50 }, () => createAgent(cloud.issuer).post('/sign-in', { email: 'x' })),
  );
  expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThan(40);
  expect((await refresh(cloud, app, token)).status).toBe(200);
  expect((await clientCredentials(cloud, await registerMachine(cloud))).status).toBe(200);
  expect((await createAgent(cloud.issuer).get('/sign-in')).status).toBe(200);
  expect((await createAgent(cloud.issuer).post('/recover', { email: 'x' })).status).not.toBe(429);
});
