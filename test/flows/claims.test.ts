/** Registration outside the primary region: claim, create, confirm (ADR 0011). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { confirmByCode, newPerson, type Person, signIn, signUp } from '../harness/journeys.ts';
import { alertOf, pathOf } from './answers.ts';
import { headingOf, openSignUpAt, requireUrl } from './residents.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
}, 120_000);
afterAll(() => cloud?.close());
beforeEach(() => cloud.clearFaults());

interface Newcomer {
  readonly person: Person;
  readonly agent: Agent;
  /** Asks for the mailed code. */
  readonly page: Answer;
}

async function beginAt(cell: string, person = newPerson()): Promise<Newcomer> {
  const agent = createAgent(cloud);
  const form = await openSignUpAt(cloud, agent, cell);
  return { person, agent, page: await signUp(agent, form, person) };
}

const confirm = ({ agent, page, person }: Newcomer) => confirmByCode(cloud, agent, page, person);

async function signInAt(cell: string, person: Person): Promise<Answer> {
  const agent = createAgent(cloud);
  return signIn(agent, await agent.get(`${requireUrl(cloud, cell)}/sign-in?at=${cell}`), person);
}

async function claims(): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
  const items = await cloud.items('directory', 'eu');
  return items.filter(({ sk }) => sk === 'IDENTIFIER');
}

async function accountsAt(cell: string): Promise<number> {
  return (await cloud.items('data', cell)).filter(({ sk }) => sk === 'ACCOUNT').length;
}

/** What happens to claims and accounts while `act` runs. */
async function watch<Result>(act: () => Promise<Result>) {
  const [claimed, eu, us, ap] = await count();
  const result = await act();
  const [claimedNow, euNow, usNow, apNow] = await count();
  return {
    result,
    claims: claimedNow - claimed,
    accounts: euNow + usNow + apNow - eu - us - ap,
  };
}

async function count(): Promise<readonly [number, number, number, number]> {
  return [
    (await claims()).length,
    await accountsAt('eu'),
    await accountsAt('us'),
    await accountsAt('ap'),
  ];
}

const pending = async () => (await claims()).filter((claim) => 'pendingUntil' in claim);

describe('a registration', () => {
  it('claims in the primary region, creates at home and confirms', async () => {
    const newcomer = await beginAt('us');
    const mark = cloud.mark();
    const { claims: claimed, accounts } = await watch(async () =>
      expect(pathOf(await confirm(newcomer))).toBe('/account'),
    );
    expect([claimed, accounts]).toEqual([1, 1]);
    expect(await pending()).toEqual([]);
    const writes = cloud
      .calls(mark)
      .filter(
        ({ principal, operation }) =>
          principal === 'domicile-interaction' && /Transact|UpdateItem/.test(operation),
      )
      .map(({ region, operation }) => `${region} ${operation}`);
    expect(writes.slice(-4)).toEqual([
      'eu-central-1 TransactWriteItems',
      'us-east-1 TransactWriteItems',
      'eu-central-1 UpdateItem',
      'us-east-1 UpdateItem',
    ]);
  });

  it('is one transaction where home is the primary region', async () => {
    const newcomer = await beginAt('eu');
    const mark = cloud.mark();
    expect(pathOf(await confirm(newcomer))).toBe('/account');
    const calls = cloud.calls(mark).filter(({ operation }) => operation === 'TransactWriteItems');
    expect(calls.map(({ resource }) => resource.includes('domicile-directory'))).toEqual([true]);
  });

  it.each([
    ['the claim', 'TransactWriteItems', 'eu-central-1'],
    ['the account', 'TransactWriteItems', 'us-east-1'],
    ['the confirmation', 'UpdateItem', 'eu-central-1'],
  ])(
    'cut off before or after %s leads to the one account all the same',
    async (_, operation, region) => {
      for (const kind of ['crash-before', 'crash-after'] as const) {
        const newcomer = await beginAt('us');
        const { accounts, claims: claimed } = await watch(async () => {
          cloud.fault({ service: 'dynamodb', operation, region, kind });
          expect((await confirm(newcomer)).status).toBe(500);
          cloud.clearFaults();
          const again = await confirm(newcomer);
          if (pathOf(again) !== '/account') expect(again.body).toMatch(/already been used/);
          expect(pathOf(await signInAt('us', newcomer.person))).toBe('/account');
        });
        expect([accounts, claimed]).toEqual([1, 1]);
        expect(await pending()).toEqual([]);
      }
    },
  );
});

describe('two cells that register one address at the same instant', () => {
  it('create one account, and the loser is told', async () => {
    const person = newPerson();
    const newcomers: Array<Newcomer & { code: string }> = [];
    for (const cell of ['us', 'ap', 'eu']) {
      const newcomer = await beginAt(cell, person);
      const [code = ''] = cloud.requireMail(person.email).codes;
      newcomers.push({ ...newcomer, code });
    }
    const {
      result,
      accounts,
      claims: claimed,
    } = await watch(() =>
      Promise.all(
        newcomers.map(({ agent, page, code }) => agent.submit(page, '/verify', { code })),
      ),
    );
    expect([accounts, claimed]).toEqual([1, 1]);
    const won = result.filter((answer) => pathOf(answer) === '/account');
    const lost = result.filter(({ status }) => status === 409);
    expect([won.length, lost.length]).toEqual([1, 2]);
    expect(lost.map(headingOf)).toEqual(Array(2).fill('You already have an account'));
  });
});

describe('a claim that was never confirmed', () => {
  /** Somebody whose claim was made and whose account was not. */
  async function abandon(cell: string): Promise<Person> {
    const newcomer = await beginAt(cell);
    const region = cloud.regions[cell] ?? '';
    const operation = 'TransactWriteItems';
    cloud.fault({ service: 'dynamodb', operation, region, kind: 'crash-before' });
    expect((await confirm(newcomer)).status).toBe(500);
    expect(await pending()).toHaveLength(1);
    return newcomer.person;
  }

  it('keeps others away for 15 minutes', async () => {
    const { email } = await abandon('us');
    const refused = await confirm(await beginAt('ap', { ...newPerson(), email }));
    expect(refused.status).toBe(409);
    await cloud.advance(900);
    expect(pathOf(await confirm(await beginAt('ap', { ...newPerson(), email })))).toBe('/account');
  });

  it.each(['eu', 'us', 'ap'])(
    'is settled by its home when its time is up, for a newcomer of %s',
    async (cell) => {
      const { email } = await abandon('us');
      await cloud.advance(900);
      const { accounts, claims: claimed } = await watch(async () => {
        const newcomer = await beginAt(cell, { ...newPerson(), email });
        expect(pathOf(await confirm(newcomer))).toBe('/account');
      });
      expect([accounts, claimed]).toEqual([1, 0]);
      expect(await pending()).toEqual([]);
    },
  );

  it('stands when its home has the account after all', async () => {
    const newcomer = await beginAt('us');
    const region = 'eu-central-1';
    cloud.fault({ service: 'dynamodb', operation: 'UpdateItem', region, kind: 'error', times: 9 });
    expect(pathOf(await confirm(newcomer))).toBe('/account');
    cloud.clearFaults();
    expect(await pending()).toHaveLength(1);
    await cloud.advance(900);
    const { email } = newcomer.person;
    const refused = await confirm(await beginAt('ap', { ...newPerson(), email }));
    expect(refused.status).toBe(409);
    expect(await pending()).toEqual([]);
    expect(pathOf(await signInAt('us', newcomer.person))).toBe('/account');
  });

  it('is confirmed when its person signs in', async () => {
    const newcomer = await beginAt('us');
    const region = 'eu-central-1';
    cloud.fault({ service: 'dynamodb', operation: 'UpdateItem', region, kind: 'error', times: 9 });
    await confirm(newcomer);
    cloud.clearFaults();
    expect(await pending()).toHaveLength(1);
    expect(pathOf(await signInAt('us', newcomer.person))).toBe('/account');
    expect(await pending()).toEqual([]);
  });

  it('cannot be settled while its home is away: try again shortly, with nothing lost', async () => {
    const { email } = await abandon('us');
    await cloud.advance(900);
    const newcomer = await beginAt('ap', { ...newPerson(), email });
    await cloud.setCell('us', 'down');
    const refused = await confirm(newcomer);
    await cloud.setCell('us', 'up');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
    expect(alertOf(refused)).toContain('Nothing is lost');
    expect(pathOf(await confirm(newcomer))).toBe('/account');
  });
});

describe('without the primary region', () => {
  it('nobody signs up, but what they typed is kept; residents sign in', async () => {
    const resident = await beginAt('us');
    expect(pathOf(await confirm(resident))).toBe('/account');
    const started = await beginAt('us');
    const agent = createAgent(cloud);
    const form = await openSignUpAt(cloud, agent, 'us');
    await cloud.setCell('eu', 'down');
    const person = newPerson();
    const refused = await signUp(agent, form, person);
    const unconfirmed = await confirm(started);
    const signedIn = await signInAt('us', resident.person);
    await cloud.setCell('eu', 'up');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
    const typed = refused.document.querySelector('input[name=email]')?.getAttribute('value');
    expect(typed).toBe(person.email);
    expect(unconfirmed.status).toBe(503);
    expect(pathOf(signedIn)).toBe('/account');
    expect(pathOf(await confirm(started))).toBe('/account');
    const page = await signUp(agent, refused, person);
    expect(pathOf(await confirm({ agent, page, person }))).toBe('/account');
  });
});
