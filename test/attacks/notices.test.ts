/** What another cell has somebody told shows nowhere: neither in what is left, nor in an answer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSignUpAt, plantResident } from '../flows/residents.ts';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, signUp } from '../harness/journeys.ts';

const MAILS = 3;

let cloud: TestCloud;
beforeAll(async () => {
  const parameters = {
    OneTimeCodeMailsPerHour: String(MAILS),
    OneTimeCodeMailsPerHourAndSource: '10000',
  };
  cloud = await startTestCloud({ cells: ['eu', 'us'], parameters });
});
afterAll(() => cloud?.close());

async function signUpAt(cell: string, email: string): Promise<number> {
  const agent = createAgent(cloud);
  const form = await openSignUpAt(cloud, agent, cell);
  return (await signUp(agent, form, { ...newPerson(), email })).status;
}

test('sign-ups elsewhere use up nothing at home, for a resident as for somebody unknown', async () => {
  const { email } = (await plantResident(cloud, 'us')).person;
  // Its own sign-up was counted there.
  await cloud.advance(3600);
  for (const address of [email, newPerson('nobody').email]) {
    const statuses = [];
    for (let count = 0; count <= MAILS; count += 1) statuses.push(await signUpAt('eu', address));
    expect(statuses).toEqual([...Array.from({ length: MAILS }, () => 200), 429]);
    expect(await signUpAt('us', address)).toBe(200);
  }
});
