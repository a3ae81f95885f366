/** Cells that act at the same instant, that have not heard of each other yet, or do not answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  introspect,
  pushRequest,
  redeem,
  refresh,
  registerApp,
  requireCode,
  requireText,
  revoke,
  userinfo,
} from '../harness/apps.ts';
import { type StoredItem, startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  newPerson,
  obtainTokens,
  type Person,
  signIn,
  signUp,
} from '../harness/journeys.ts';
import { pathOf } from './answers.ts';
import {
  cellOf,
  headingOf,
  identify,
  openSignUpAt,
  plantResident,
  requireUrl,
} from './residents.ts';

let cloud: TestCloud;
let app: App;

const CELLS = ['eu', 'us', 'ap'];
beforeAll(async () => {
  cloud = await startTestCloud({ cells: CELLS });
  app = await registerApp(cloud);
  await cloud.flushReplication();
});
afterAll(() => cloud?.close());
beforeEach(() => {
  cloud.clearFaults();
  cloud.setEntry('us');
});

interface Newcomer {
  readonly agent: Agent;
  /** Asks for the mailed code. */
  readonly page: Answer;
  readonly code: string;
}

async function beginAt(cell: string, person: Person): Promise<Newcomer> {
  const agent = createAgent(cloud);
  const form = await openSignUpAt(cloud, agent, cell);
  const page = await signUp(agent, form, person);
  const [code = ''] = cloud.requireMail(person.email).codes;
  return { agent, page, code };
}

const confirm = ({ agent, page, code }: Newcomer) => agent.submit(page, '/verify', { code });

/** All that any cell or the directory says of somebody. */
async function describePeople() {
  const directory = await cloud.items('directory');
  const ofKind = (items: ReadonlyArray<StoredItem>, kind: string) =>
    items.filter(({ sk }) => sk === kind);
  const people = (items: ReadonlyArray<StoredItem>, kind: string, home?: string) =>
    ofKind(items, kind).map(({ sub, pk, cell = home }) => ({
      sub: String(sub ?? String(pk).slice('USER#'.length)),
      cell: String(cell),
    }));
  const sorted = (list: ReadonlyArray<{ sub: string; cell: string }>) =>
    list.map(({ sub, cell }) => `${sub} ${cell}`).sort();
  const accounts = [];
  const pointers = [];
  const keys = [];
  for (const cell of CELLS) {
    const data = await cloud.items('data', cell);
    accounts.push(...people(data, 'ACCOUNT', cell));
    pointers.push(...people(data, 'IDENTIFIER', cell));
    keys.push(...people(await cloud.items('keys', cell), 'KEY', cell));
  }
  return {
    claims: sorted(people(directory, 'IDENTIFIER')),
    homes: sorted(people(directory, 'SUB')),
    pending: directory.filter((item) => 'pendingUntil' in item),
    accounts: sorted(accounts),
    pointers: sorted(pointers),
    keys: sorted(keys),
  };
}

describe('one address that is confirmed in three cells at the same instant', () => {
  it('is one account, of which the directory and its home say the same, time after time', async () => {
    const before = await describePeople();
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      const person = newPerson();
      const newcomers: Array<Newcomer> = [];
      for (const cell of CELLS) newcomers.push(await beginAt(cell, person));
      // Whichever is sent first.
      const order = round % 2 === 0 ? newcomers : newcomers.toReversed();
      const answers = await Promise.all(order.map(confirm));
      const won = answers.filter((answer) => pathOf(answer) === '/account');
      expect(won).toHaveLength(1);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    }
    const after = await describePeople();
    expect(after.pending).toEqual([]);
    expect(after.accounts).toHaveLength(before.accounts.length + rounds);
    for (const list of ['claims', 'homes', 'pointers', 'keys'] as const) {
      expect([list, after[list]]).toEqual([list, after.accounts]);
    }
  });

  it('is one account, too, when each browser sends its form twice', async () => {
    const before = (await describePeople()).accounts.length;
    const person = newPerson();
    const newcomers = [await beginAt('us', person), await beginAt('ap', person)];
    await Promise.all([...newcomers, ...newcomers].map(confirm));
    const after = await describePeople();
    expect(after.accounts).toHaveLength(before + 1);
    expect([after.claims, after.pending]).toEqual([after.accounts, []]);
  });
});

describe('while replicas are 10 s behind', () => {
  it.each([
    ['ap', 'us'],
    ['us', 'eu'],
    ['eu', 'ap'],
  ])('somebody who has just signed up in %s is found through %s', async (home, entry) => {
    cloud.setReplication({ delayMs: 10_000 });
    try {
      const person = newPerson();
      expect(pathOf(await confirm(await beginAt(home, person)))).toBe('/account');
      cloud.setEntry(entry);
      const agent = createAgent(cloud);
      const { attempt, answer } = await authorize(cloud, agent, app);
      expect(cellOf(cloud, answer)).toBe(entry);
      const atHome = await identify(agent, answer, person.email);
      expect(cellOf(cloud, atHome)).toBe(home);
      const tokens = await redeem(cloud, attempt, requireCode(await signIn(agent, atHome, person)));
      const access = requireText(tokens, 'access_token');
      expect((await userinfo(cloud, access)).json['email']).toBe(person.email);
      expect((await introspect(cloud, app, access)).json['active']).toBe(true);
      const renewed = await refresh(cloud, app, requireText(tokens, 'refresh_token'));
      expect(renewed.status).toBe(200);

      const second = await beginAt(entry, { ...newPerson(), email: person.email });
      expect(cloud.requireMail(person.email).region).toBe(cloud.regions[home]);
      expect(pathOf(second.page)).toBe('/verify');
    } finally {
      cloud.setReplication({ delayMs: 0 });
      await cloud.flushReplication();
    }
  });
});

describe('a tag of a cell that does not exist', () => {
  let agent: Agent;

  beforeAll(async () => {
    ({ agent } = await plantResident(cloud, 'eu'));
  });

  it.each(['mars', 'EU', '', '__proto__', 'eu2'])(
    '%s, in tokens, is an unknown token',
    async (tag) => {
      const tokens = await obtainTokens(cloud, agent, app);
      const untagged = requireText(tokens, 'refresh_token').replace(/^eu\./, '');
      const lying = `${tag}.${untagged}`;
      const mark = cloud.mark();
      const refused = await refresh(cloud, app, lying);
      expect([refused.status, refused.json['error']]).toEqual([400, 'invalid_grant']);
      expect((await introspect(cloud, app, lying)).json).toEqual({ active: false });
      expect((await revoke(cloud, app, lying)).status).toBe(200);
      expect(cloud.calls(mark).filter(({ operation }) => operation === 'Invoke')).toEqual([]);
      // The honest one is as good as ever.
      const honest = requireText(tokens, 'refresh_token');
      expect((await refresh(cloud, app, honest)).status).toBe(200);
    },
  );

  it.each(['mars.abc', 'abc', 'us.', '__proto__.abc', 'us.never-pushed'])(
    'or an unknown reference, %s, in request_uri is an unknown request',
    async (reference) => {
      const url = new URL('/oauth2/authorize', cloud.issuer);
      url.searchParams.set('client_id', app.clientId);
      url.searchParams.set('request_uri', `urn:ietf:params:oauth:request_uri:${reference}`);
      const page = await createAgent(cloud).get(url);
      expect([page.status, page.leadsTo]).toEqual([400, undefined]);
    },
  );
});

describe('a cell that takes the call and never answers', () => {
  const hang = (region?: string) =>
    cloud.fault({
      ...{ service: 'lambda', operation: 'Invoke', kind: 'timeout', times: 5 },
      ...(region !== undefined && { region }),
    });

  it('keeps nobody from its page for long: they are told, and go on afterwards', async () => {
    const { person } = await plantResident(cloud, 'eu');
    const agent = createAgent(cloud);
    const { answer } = await authorize(cloud, agent, app);
    await cloud.advance(16);
    hang();
    const away = await identify(agent, answer, person.email);
    expect([away.status, headingOf(away)]).toEqual([503, 'One of our regions does not answer']);
    cloud.clearFaults();
    await cloud.advance(16);
    requireCode(await signIn(agent, answer, person));
  });

  it('lets a pushed request wait, which is used up once', async () => {
    const { agent } = await plantResident(cloud, 'us');
    const attempt = attemptAuthorization(cloud, app);
    const pushed = await pushRequest({ issuer: requireUrl(cloud, 'ap') }, attempt);
    const url = new URL(pushed.search, new URL('/oauth2/authorize', cloud.issuer));
    hang(cloud.regions['ap']);
    const waiting = await agent.get(url);
    expect(waiting.status).toBe(503);
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
    cloud.clearFaults();
    await cloud.advance(15);
    requireCode(await agent.get(url));
    expect((await agent.get(url)).status).toBe(400);
  });

  it('does not tell who has an account: sign-up elsewhere goes on as ever', async () => {
    const { person } = await plantResident(cloud, 'eu');
    hang();
    const agent = createAgent(cloud);
    const form = await openSignUpAt(cloud, agent, 'us');
    const page = await signUp(agent, form, { ...newPerson(), email: person.email });
    expect([page.status, pathOf(page)]).toEqual([200, '/verify']);
  });
});
