import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { askRecovery, newPerson, signUp } from '../harness/journeys.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

const FORMS: ReadonlyArray<[string, (agent: Agent, email: string) => Promise<Answer>]> = [
  [
    'sign-up',
    async (agent, email) => signUp(agent, await agent.get('/sign-up'), { ...newPerson(), email }),
  ],
  ['recovery', (agent, email) => askRecovery(agent, email)],
];

describe.each(FORMS)('%s with an address that SES refuses', (_, ask) => {
  it('says that it cannot be done now, keeps the form and logs no address', async () => {
    const email = newPerson().email.replace(/com$/, 'invalid');
    const page = await ask(createAgent(cloud.issuer), email);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2']);
    expect(page.document.querySelector('[name=email]')?.getAttribute('value')).toBe(email);
    const log = JSON.stringify(cloud.logs());
    expect(log).toContain('MessageRejected');
    expect(log).not.toContain(email);
  });
});
