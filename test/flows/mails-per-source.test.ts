/** How many mails one network address may cause, whomever they are addressed to. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { askRecovery, newPerson } from '../harness/journeys.ts';
import { alertOf, pathOf } from './answers.ts';

const LIMIT = 5;

let cloud: TestCloud;
beforeAll(async () => {
  const parameters = { OneTimeCodeMailsPerHourAndSource: String(LIMIT) };
  cloud = await startTestCloud({ parameters });
});
afterAll(() => cloud?.close());

it('one network causes so many mails an hour, of whatever kind; others are not held back', async () => {
  const first = await signUpAsSomebody();
  expect(pathOf(first.page)).toBe('/verify');
  for (let sent = 1; sent < LIMIT; sent += 1) {
    const asked = sent % 2 === 0 ? await signUpAsSomebody() : await recoverAsSomebody();
    expect(asked.page.status).toBe(200);
  }
  expect(cloud.inbox()).toHaveLength(LIMIT);

  await cloud.advance(31);
  const disguised = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=198.51.100.7' };
  for (const { page } of [
    await signUpAsSomebody(),
    await signUpAsSomebody(disguised),
    await recoverAsSomebody(),
  ]) {
    expect([page.status, alertOf(page)]).toEqual([429, expect.stringMatching(/\d+ minutes/)]);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  const resent = await first.agent.submit(first.page, '/verify/resend');
  expect(alertOf(resent)).toMatch(/\d+ minutes/);
  expect(cloud.inbox()).toHaveLength(LIMIT);

  expect(await signUpFrom('127.0.0.2')).toBe(303);
  expect(await signUpFrom('127.0.0.1')).toBe(429);
  expect(cloud.inbox()).toHaveLength(LIMIT + 1);

  await cloud.advance(3600);
  expect((await signUpAsSomebody()).page.status).toBe(200);
});

async function signUpAsSomebody(
  headers: Readonly<Record<string, string>> = {},
): Promise<{ agent: Agent; page: Answer }> {
  const agent = createAgent(cloud.issuer);
  const fields = { ...newPerson(), terms: 'accepted' };
  const page = await agent.submit(await agent.get('/sign-up'), '/sign-up', fields, { headers });
  return { agent, page };
}

async function recoverAsSomebody(): Promise<{ page: Answer }> {
  return { page: await askRecovery(createAgent(cloud.issuer), newPerson().email) };
}

/** Posts the form from that address of this machine; answers with the status. */
async function signUpFrom(localAddress: string): Promise<number> {
  const agent = createAgent(cloud.issuer);
  const form = await agent.get('/sign-up');
  const inputs = form.document.querySelectorAll('form input[type=hidden]');
  const hidden = inputs.map((input) => [
    input.getAttribute('name') ?? '',
    input.getAttribute('value') ?? '',
  ]);
  const fields = { ...Object.fromEntries(hidden), ...newPerson(), terms: 'accepted' };
  const headers = {
    cookie: [...agent.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    'content-type': 'application/x-www-form-urlencoded',
  };
  return new Promise((resolve, reject) => {
    const url = new URL('/sign-up', cloud.issuer);
    const sent = request(url, { method: 'POST', localAddress, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(new URLSearchParams(fields).toString());
  });
}
