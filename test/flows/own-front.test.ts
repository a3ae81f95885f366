/** Several cells behind a front of the operator's own, which proves itself by a secret. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson } from '../harness/journeys.ts';
import { requireUrl } from './residents.ts';

const SECRET = 'a-secret-of-the-front-that-is-ours';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us'],
    parameters: { FrontSecret: SECRET, LookUpsPerQuarterHourAndSource: '10' },
  });
}, 120_000);
afterAll(() => cloud?.close());

/** A browser at the host of us, of whom the front says that they call from this address. */
function callerFrom(address: string): Agent {
  const { issuer, cellUrls } = cloud;
  const frontHeaders = {
    'x-domicile-edge': SECRET,
    'x-domicile-host': new URL(requireUrl(cloud, 'us')).host,
    'cloudfront-viewer-address': `${address}:46532`,
  };
  return createAgent({ issuer, cellUrls, frontHeaders });
}

async function lookUp(agent: Agent): Promise<number> {
  const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
  const answer = await agent.submit(
    page,
    '/sign-in/identifier',
    { email: newPerson().email },
    { follow: false },
  );
  return answer.status;
}

test.each(['issuer', 'us'])('nobody passes the front by, at the host of %s', async (host) => {
  const base = host === 'issuer' ? cloud.issuer : requireUrl(cloud, host);
  const ask = (headers: Record<string, string>) =>
    fetch(new URL('/.well-known/openid-configuration', base), { headers });
  expect((await ask({})).status).toBe(403);
  expect((await ask({ 'x-domicile-edge': `${SECRET}!` })).status).toBe(403);
  expect((await ask({ 'x-domicile-edge': SECRET })).status).toBe(200);
});

test('look-ups are counted for each caller, and not for all behind the front', async () => {
  const busy = callerFrom('198.51.100.7');
  const statuses: Array<number> = [];
  for (let count = 0; count < 11; count += 1) statuses.push(await lookUp(busy));
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 303), 429]);
  expect(await lookUp(callerFrom('203.0.113.9'))).toBe(303);
});

test('whoever has another secret gets no page', async () => {
  const agent = callerFrom('203.0.113.10');
  const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`, {
    headers: { 'x-domicile-edge': 'another secret of thirty-two signs' },
  });
  expect(page.status).toBe(403);
});
