/** Which host serves what, the hint, and what carries a cell's tag. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  findCallback,
  redeem,
  registerApp,
  requireCode,
  requireText,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  authorize,
  endSession,
  newPerson,
  readLink,
  signOut,
  signUp,
} from '../harness/journeys.ts';
import { pathOf } from './answers.ts';
import {
  asksPassword,
  cellOf,
  headingOf,
  openSignUpAt,
  plantResident,
  requireUrl,
} from './residents.ts';

let cloud: TestCloud;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  app = await registerApp(cloud);
  await cloud.flushReplication();
}, 120_000);
afterAll(() => cloud?.close());
beforeEach(() => cloud.setEntry('us'));

/** Long enough for every cell to have forgotten that it was up. */
async function takeDown(cell: string): Promise<void> {
  await cloud.setCell(cell, 'down');
  await cloud.advance(6);
}

afterEach(async () => {
  await cloud.setCell('eu', 'up');
  await cloud.advance(16);
});

/** One request, no redirect followed. */
function ask(agent: Agent, url: string): Promise<Answer> {
  return agent.get(url, { follow: false });
}

function hinted(cell: string): Agent {
  const agent = createAgent(cloud);
  agent.cookies.set('home', cell);
  return agent;
}

describe('the issuer’s host', () => {
  it.each([
    ['/sign-in?request=x', undefined, 'us'],
    ['/sign-up', 'ap', 'ap'],
    ['/account', 'eu', 'eu'],
    ['/', 'eu', 'eu'],
    ['/sign-in', 'mars', 'us'],
    ['/sign-in', '__proto__', 'us'],
    ['/sign-in', 'eu.evil.example', 'us'],
  ])('leads %s with the hint %s to a host of %s', async (path, hint, cell) => {
    const agent = hint === undefined ? createAgent(cloud) : hinted(hint);
    const answer = await ask(agent, path);
    expect(answer.status).toBe(303);
    expect(answer.leadsTo?.href).toBe(new URL(path, requireUrl(cloud, cell)).href);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('leads an authorization request on with its query as it came', async () => {
    const query = 'client_id=a%20b&state=%2B+%F0%9F%8C%8A&state=twice&unknown=%00';
    const answer = await ask(hinted('ap'), `/oauth2/authorize?${query}`);
    expect(answer.headers.get('location')).toBe(
      `${cloud.cellUrls['ap']}/oauth2/authorize?${query}`,
    );
  });

  it('takes an authorization request that is posted, too', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    const { url } = attemptAuthorization(cloud, app);
    const sent = Object.fromEntries(url.searchParams);
    requireCode(await agent.post('/oauth2/authorize', sent));
  });

  it('answers discovery and keys itself', async () => {
    for (const path of ['/.well-known/openid-configuration', '/oauth2/jwks']) {
      expect((await ask(hinted('eu'), path)).status).toBe(200);
    }
  });

  it('serves what is nowhere itself', async () => {
    expect((await ask(createAgent(cloud), '/nowhere')).status).toBe(404);
  });

  it('leads no further than this cell when the one that the hint names is down', async () => {
    await takeDown('eu');
    const answer = await ask(hinted('eu'), '/sign-in');
    expect(answer.leadsTo?.origin).toBe(cloud.cellUrls['us']);
  });
});

describe('a hint that lies', () => {
  it('costs a detour', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    agent.cookies.set('home', 'ap');
    const { answer } = await authorize(cloud, agent, app);
    expect([cellOf(cloud, answer), asksPassword(answer)]).toEqual(['ap', true]);
  });

  it('opens no session of another cell', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    const session = agent.cookies.get('session-eu') ?? '';
    const thief = hinted('us');
    thief.cookies.set('session-us', session);
    const page = await thief.get('/account');
    expect([cellOf(cloud, page), pathOf(page)]).toEqual(['us', '/sign-in']);
  });
});

describe('at a cell’s own host', () => {
  it('cookies are its own, and the hint alone is everybody’s', async () => {
    const { agent } = await plantResident(cloud, 'ap');
    const names = [...agent.cookies.keys()].sort();
    expect(names).toEqual(['browser-ap', 'device-ap', 'home', 'session-ap']);
    expect(agent.cookies.get('home')).toBe('ap');
  });

  it('`iss` is the issuer', async () => {
    const { agent } = await plantResident(cloud, 'ap');
    const { answer } = await authorize(cloud, agent, app);
    expect(findCallback(answer)?.iss).toBe(cloud.issuer);
  });

  it('forms may lead to every cell, and to the app', async () => {
    const { answer } = await authorize(cloud, createAgent(cloud), app);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const sources = /form-action ([^;]*)/.exec(policy)?.[1]?.split(' ');
    const expected = ["'self'", ...Object.values(cloud.cellUrls), new URL(app.redirectUri).origin];
    expect(sources).toEqual(expected);
  });
});

describe('what a cell has tagged', () => {
  it('a mailed link leads to its cell’s own host', async () => {
    const person = newPerson();
    const agent = createAgent(cloud);
    const page = await openSignUpAt(cloud, agent, 'eu');
    await signUp(agent, page, person);
    const link = new URL(await readLink(cloud, person.email, '/verify'));
    expect(link.origin).toBe(cloud.cellUrls['eu']);
    expect(link.searchParams.get('token')).toMatch(/^eu\./);
  });

  it.each(['issuer', 'us', 'ap'])('a link or state that reaches %s is led home', async (host) => {
    const { person } = await plantResident(cloud, 'eu');
    const agent = hinted('eu');
    const asked = await askRecovery(agent, person.email);
    const link = new URL(await readLink(cloud, person.email, '/recover/reset'));
    const base = host === 'issuer' ? cloud.issuer : requireUrl(cloud, host);
    for (const { pathname, search } of [link, new URL(asked.url)]) {
      const answer = await ask(agent, new URL(`${pathname}${search}`, base).href);
      expect(answer.leadsTo?.href).toBe(`${cloud.cellUrls['eu']}${pathname}${search}`);
    }
  });

  it.each(['mars.abc', 'abc', 'us.abc', '.abc', 'EU.abc'])(
    '%s is an expired link',
    async (token) => {
      const path = `/recover/reset?token=${token}`;
      const answer = await createAgent(cloud).get(`${cloud.cellUrls['eu']}${path}`);
      expect(answer.status).toBe(400);
      expect(headingOf(answer)).toBe('This link no longer works');
    },
  );

  it('leads nowhere while its cell is down, and says so', async () => {
    await takeDown('eu');
    const answer = await createAgent(cloud).get(`${cloud.cellUrls['us']}/verify?token=eu.abc`);
    expect([answer.status, cellOf(cloud, answer)]).toEqual([503, 'us']);
  });
});

describe('sign-out', () => {
  it('finds the session by the hint', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    const { attempt, answer } = await authorize(cloud, agent, app);
    const idToken = requireText(await redeem(cloud, attempt, requireCode(answer)), 'id_token');
    const done = await endSession(agent, app, idToken);
    expect(done.leadsTo?.href).toBe(app.postLogoutRedirectUri);
    expect(asksPassword((await authorize(cloud, agent, app)).answer)).toBe(true);
  });

  it('finds it by the ID token where there is no hint', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    const { attempt, answer } = await authorize(cloud, agent, app);
    const idToken = requireText(await redeem(cloud, attempt, requireCode(answer)), 'id_token');
    agent.cookies.delete('home');
    const done = await endSession(agent, app, idToken);
    expect(done.leadsTo?.href).toBe(app.postLogoutRedirectUri);
    expect(agent.cookies.has('session-eu')).toBe(false);
  });

  it('asks whoever comes without an ID token, at home', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    const page = await agent.get('/oauth2/logout');
    expect([cellOf(cloud, page), headingOf(page)]).toEqual(['eu', 'Sign out?']);
  });

  it('does not say that it is done while the cell with the session is down', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    await takeDown('eu');
    const page = await agent.get('/oauth2/logout');
    expect(page.status).toBe(503);
  });

  it('works from the portal, which is at home', async () => {
    const { agent } = await plantResident(cloud, 'ap');
    const done = await signOut(agent);
    expect([cellOf(cloud, done), headingOf(done)]).toEqual(['ap', 'You are signed out']);
  });
});

describe('prompt=none', () => {
  it('tells the app that somebody is signed in elsewhere only by a code', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    requireCode((await authorize(cloud, agent, app, { prompt: 'none' })).answer);
    agent.cookies.delete('home');
    const { answer } = await authorize(cloud, agent, app, { prompt: 'none' });
    expect(findCallback(answer)?.error).toBe('login_required');
  });

  it('says "busy", not "signed out", while the home is down', async () => {
    const { agent } = await plantResident(cloud, 'eu');
    await takeDown('eu');
    const { answer } = await authorize(cloud, agent, app, { prompt: 'none' });
    expect(findCallback(answer)?.error).toBe('temporarily_unavailable');
  });
});
