import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { type App, registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, createAccount, newPerson, type Person, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { alertOf, callsBetween, pathOf, withoutSecrets } from './answers.ts';

let cloud: TestCloud;
let app: App;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());
beforeEach(async () => {
  ({ person } = await plantSignedIn(cloud));
});

describe('sign-in', () => {
  it('signs in to a second app without asking again', async () => {
    const second = await registerApp(cloud);
    const agent = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, agent, app);
    await signIn(agent, answer, person);
    const silent = await authorize(cloud, agent, second, { prompt: 'none' });
    expect(requireCode(silent.answer)).not.toBe('');
  });

  it("takes nobody else's password", async () => {
    const { person: other } = await plantSignedIn(cloud);
    expect(other.password).not.toBe(person.password);
    for (const [one, another] of [
      [person, other],
      [other, person],
    ] as const) {
      const agent = createAgent(cloud.issuer);
      const page = await agent.get('/sign-in');
      const refused = await signIn(agent, page, { ...one, password: another.password });
      expect([refused.status, pathOf(refused)]).toEqual([400, '/sign-in']);
    }
  });

  it('does not care how the address is written', async () => {
    const agent = createAgent(cloud.issuer);
    const shouted = { ...person, email: ` ${person.email.toUpperCase()} ` };
    expect(pathOf(await signIn(agent, await agent.get('/sign-in'), shouted))).toBe('/account');
  });

  it('hashes the password afresh at the next sign-in when its cost was raised', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-'));
    const cheap = await startTestCloud({ dataDirectory, parameters: { Argon2Passes: '2' } });
    const customer = await createAccount(cheap, createAgent(cheap.issuer));
    expect(await passwordHashOf(cheap)).toContain(',t=2,');
    await cheap.close();
    const dear = await startTestCloud({ dataDirectory, parameters: { Argon2Passes: '3' } });
    try {
      for (let count = 0; count < 2; count += 1) {
        const agent = createAgent(dear.issuer);
        expect(pathOf(await signIn(agent, await agent.get('/sign-in'), customer))).toBe('/account');
        expect(await passwordHashOf(dear)).toContain(',t=3,');
      }
    } finally {
      await dear.close();
    }
  });
});

async function passwordHashOf(of: TestCloud): Promise<unknown> {
  return (await of.items('data')).find((item) => item['sk'] === 'ACCOUNT#PASSWORD')?.['phc'];
}

describe('refusals', () => {
  it('are the same for an unknown account and a wrong password', async () => {
    const seen: Array<{ text: string; status: number; calls: ReadonlyArray<string> }> = [];
    // One after the other: of requests side by side, one may have a container start meanwhile.
    for (const { email } of [person, newPerson()]) {
      const agent = createAgent(cloud.issuer);
      const page = await agent.get('/sign-in');
      const since = cloud.mark();
      const answer = await signIn(agent, page, { email, password: 'certainly not this one' });
      seen.push({
        text: withoutSecrets(answer, email),
        status: answer.status,
        calls: callsBetween(cloud, since),
      });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.calls).toHaveLength(3);
  });

  it('keep the address and never the password', async () => {
    const agent = createAgent(cloud.issuer);
    const answer = await signIn(agent, await agent.get('/sign-in'), {
      email: person.email,
      password: 'certainly not this one',
    });
    expect(answer.status).toBe(400);
    expect(alertOf(answer)).toBe('E-mail or password is not right.');
    expect(answer.document.querySelector('#email')?.getAttribute('value')).toBe(person.email);
    expect(answer.body).not.toContain('certainly not this one');
  });

  it.each(['known', 'unknown'])('lock a %s account for strangers after ten', async (kind) => {
    const email = kind === 'known' ? person.email : newPerson().email;
    const stranger = createAgent(cloud.issuer);
    const page = await stranger.get('/sign-in');
    const guess = () => signIn(stranger, page, { email, password: 'a guess of somebody' });
    const answers = [];
    for (let count = 0; count < 11; count += 1) answers.push(await guess());
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(400), 429]);
    expect(alertOf(answers[10] ?? (await guess()))).toMatch(/wait \d+ minutes/);
    await cloud.advance(901);
    expect((await guess()).status).toBe(400);
  });

  it('do not lock out the owner on a device that they signed in with before', async () => {
    const owner = createAgent(cloud.issuer);
    await signIn(owner, await owner.get('/sign-in'), person);
    const stranger = createAgent(cloud.issuer);
    const page = await stranger.get('/sign-in');
    for (let count = 0; count < 11; count += 1) {
      await signIn(stranger, page, { ...person, password: 'a guess of somebody' });
    }
    expect((await signIn(stranger, page, person)).status).toBe(429);
    expect(pathOf(await signIn(owner, await owner.get('/sign-in'), person))).toBe('/account');
  });

  it('let no more than ten of a hundred parallel guesses through', async () => {
    const stranger = createAgent(cloud.issuer);
    const page = await stranger.get('/sign-in');
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        signIn(stranger, page, { ...person, password: 'a guess of somebody' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
  });
});

describe('faults', () => {
  it.each(['BatchGetItem', 'Query', 'TransactWriteItems'])(
    'answer 503 with the form when DynamoDB fails at %s, and nothing is half done',
    async (operation) => {
      const agent = createAgent(cloud.issuer);
      const page = await agent.get('/sign-in');
      const kind = operation === 'Query' ? 'throttle' : 'error';
      cloud.fault({ service: 'dynamodb', operation, kind, times: 3 });
      const failed = await signIn(agent, page, person);
      cloud.clearFaults();
      expect(failed.status).toBe(503);
      expect(failed.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(failed.document.querySelector('#email')?.getAttribute('value')).toBe(person.email);
      expect(agent.cookies.has('session')).toBe(false);
      expect(pathOf(await signIn(agent, failed, person))).toBe('/account');
    },
  );
});
