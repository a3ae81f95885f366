/** Sign-in where the home has to be found first (ADR 0012). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  findCallback,
  pushRequest,
  redeem,
  registerApp,
  requireCode,
  requireText,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, newPerson, readLink, resetPassword, signIn } from '../harness/journeys.ts';
import { pathOf } from './answers.ts';
import {
  asksPassword,
  cellOf,
  headingOf,
  identify,
  openSignUpAt,
  plantResident,
  type Resident,
  requireUrl,
  typedAddress,
} from './residents.ts';

let cloud: TestCloud;
let app: App;
let inEu: Resident;
let inUs: Resident;

beforeAll(async () => {
  cloud = await startTestCloud({ cells: ['eu', 'us', 'ap'] });
  app = await registerApp(cloud);
  await cloud.flushReplication();
  inEu = await plantResident(cloud, 'eu');
  inUs = await plantResident(cloud, 'us');
}, 120_000);
afterAll(() => cloud?.close());

/** An address that nobody has and that seems to be at home in that cell. */
async function strangerOf(cell: string): Promise<string> {
  for (let tries = 0; tries < 40; tries += 1) {
    const { email } = newPerson('nobody');
    const agent = createAgent(cloud);
    const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
    if (cellOf(cloud, await identify(agent, page, email)) === cell) return email;
  }
  throw new Error(`no address falls to ${cell}`);
}

describe('somebody at home in eu who enters through us', () => {
  it('types the address, then the password at home, and returns to the app', async () => {
    cloud.setEntry('us');
    const agent = createAgent(cloud);
    const { attempt, answer } = await authorize(cloud, agent, app);
    expect(cellOf(cloud, answer)).toBe('us');
    expect(asksPassword(answer)).toBe(false);
    const home = await identify(agent, answer, inEu.person.email);
    expect([cellOf(cloud, home), pathOf(home)]).toEqual(['eu', '/sign-in']);
    expect(typedAddress(home)).toBe(inEu.person.email);
    expect(decodeURIComponent(home.url)).not.toContain(inEu.person.email);
    const done = await signIn(agent, home, inEu.person);
    const callback = findCallback(done);
    expect([callback?.state, callback?.iss]).toEqual([attempt.state, cloud.issuer]);
    const tokens = await redeem(cloud, attempt, requireCode(done));
    expect(requireText(tokens, 'access_token')).not.toBe('');
    expect(agent.cookies.get('home')).toBe('eu');
  });

  it('is asked for both at once, at home, the next time', async () => {
    cloud.setEntry('us');
    const agent = createAgent(cloud);
    agent.cookies.set('home', 'eu');
    const { answer } = await authorize(cloud, agent, app);
    expect([cellOf(cloud, answer), asksPassword(answer)]).toEqual(['eu', true]);
    requireCode(await signIn(agent, answer, inEu.person));
  });

  it('has single sign-on, whichever cell answers', async () => {
    cloud.setEntry('ap');
    const second = await registerApp(cloud);
    await cloud.flushReplication();
    requireCode((await authorize(cloud, inEu.agent, second)).answer);
  });

  it('finds an account that the replicas do not know yet', async () => {
    cloud.setReplication({ paused: true });
    const agent = createAgent(cloud);
    const person = newPerson();
    const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
    const fresh = await createFresh(person);
    const home = await identify(agent, page, fresh);
    cloud.setReplication({ paused: false });
    expect(cellOf(cloud, home)).toBe('eu');
    expect(pathOf(await signIn(agent, home, person))).toBe('/account');
  });

  it('may choose to be somebody else', async () => {
    const agent = createAgent(cloud);
    agent.cookies.set('home', 'eu');
    const page = await agent.get('/sign-in');
    expect(asksPassword(page)).toBe(true);
    const way = page.document
      .querySelectorAll('a')
      .find(({ text }) => text === 'Use another account');
    const chosen = await agent.get(new URL(way?.getAttribute('href') ?? '', page.url));
    expect(asksPassword(chosen)).toBe(false);
    expect(cellOf(cloud, await identify(agent, chosen, inUs.person.email))).toBe('us');
  });

  it('is handed over by a form with a password, too, which goes no further', async () => {
    const agent = createAgent(cloud);
    agent.cookies.set('home', 'us');
    const page = await agent.get('/sign-in');
    expect([cellOf(cloud, page), asksPassword(page)]).toEqual(['us', true]);
    const home = await signIn(agent, page, inEu.person);
    expect([cellOf(cloud, home), pathOf(home)]).toEqual(['eu', '/sign-in']);
    expect(typedAddress(home)).toBe(inEu.person.email);
    expect(pathOf(await signIn(agent, home, inEu.person))).toBe('/account');
  });

  async function createFresh(person: ReturnType<typeof newPerson>): Promise<string> {
    const agent = createAgent(cloud);
    const page = await openSignUpAt(cloud, agent, 'eu');
    const { email, password } = person;
    const verify = await agent.submit(page, '/sign-up', { email, password });
    const [code] = cloud.requireMail(email).codes;
    await agent.submit(verify, '/verify', { code: code ?? '' });
    return email;
  }
});

describe('what the app wished for goes home with the person', () => {
  it('login_hint is typed already', async () => {
    const agent = createAgent(cloud);
    const { email } = inEu.person;
    const { answer } = await authorize(cloud, agent, app, { login_hint: email });
    expect(typedAddress(answer)).toBe(email);
    expect(typedAddress(await identify(agent, answer, email))).toBe(email);
  });

  it.each([{ prompt: 'login' }, { max_age: '0' }])('%o asks once, at home', async (wish) => {
    const { answer } = await authorize(cloud, inEu.agent, app, wish);
    expect([cellOf(cloud, answer), asksPassword(answer)]).toEqual(['eu', true]);
    requireCode(await signIn(inEu.agent, answer, inEu.person));
  });

  it('id_token_hint leads home without a hint cookie', async () => {
    cloud.setEntry('us');
    const { attempt, answer } = await authorize(cloud, inEu.agent, app);
    const idToken = requireText(await redeem(cloud, attempt, requireCode(answer)), 'id_token');
    inEu.agent.cookies.delete('home');
    const wish = { id_token_hint: idToken, prompt: 'none' };
    requireCode((await authorize(cloud, inEu.agent, app, wish)).answer);
    const stranger = createAgent(cloud);
    const page = (await authorize(cloud, stranger, app, { id_token_hint: idToken })).answer;
    expect([cellOf(cloud, page), asksPassword(page)]).toEqual(['eu', true]);
    inEu.agent.cookies.set('home', 'eu');
  });
});

describe('a pushed request with an id_token_hint of somebody who is at home elsewhere', () => {
  async function pushInUs(wish: Readonly<Record<string, string>>) {
    cloud.setEntry('us');
    const { attempt, answer } = await authorize(cloud, inEu.agent, app);
    const idToken = requireText(await redeem(cloud, attempt, requireCode(answer)), 'id_token');
    const pushed = attemptAuthorization(cloud, app, { id_token_hint: idToken, ...wish });
    return { attempt: pushed, url: await pushRequest(cloud, pushed) };
  }

  it.each([{ prompt: 'none' }, {}])(
    'is answered at home by the session there (%o)',
    async (wish) => {
      const { attempt, url } = await pushInUs(wish);
      inEu.agent.cookies.delete('home');
      const answer = await inEu.agent.get(url);
      inEu.agent.cookies.set('home', 'eu');
      expect(findCallback(answer)).toMatchObject({
        state: attempt.state,
        code: expect.any(String),
      });
    },
  );

  it('tells the app where nobody is signed in at home and nobody may be asked', async () => {
    const { attempt, url } = await pushInUs({ prompt: 'none' });
    const answer = await createAgent(cloud).get(url);
    expect(findCallback(answer)).toMatchObject({ state: attempt.state, error: 'login_required' });
  });

  it('tells the app, and shows nobody a page, when the way home is not this browser’s', async () => {
    const { attempt, url } = await pushInUs({ prompt: 'none' });
    inEu.agent.cookies.delete('home');
    // The cell's own page, and not yet where it leads.
    const led = await inEu.agent.get(
      new URL(`${url.pathname}${url.search}`, cloud.cellUrls['us']),
      {
        follow: false,
      },
    );
    inEu.agent.cookies.set('home', 'eu');
    expect(led.leadsTo?.pathname).toBe('/hand-over');
    const answer = await createAgent(cloud).get(led.leadsTo ?? '');
    expect(findCallback(answer)).toMatchObject({ state: attempt.state, error: 'login_required' });
  });

  it('asks for the password at home where nobody is signed in', async () => {
    const { url } = await pushInUs({});
    const page = await createAgent(cloud).get(url);
    expect([cellOf(cloud, page), asksPassword(page)]).toEqual(['eu', true]);
  });
});

describe('nobody learns who has an account', () => {
  it.each(['eu', 'us', 'ap'])('an address that nobody has looks at home in %s', async (cell) => {
    const email = await strangerOf(cell);
    const agent = createAgent(cloud);
    const page = await agent.get(`${requireUrl(cloud, 'ap')}/sign-in`);
    const home = await identify(agent, page, email);
    expect([cellOf(cloud, home), home.status, pathOf(home)]).toEqual([cell, 200, '/sign-in']);
    const refused = await signIn(agent, home, { email, password: 'a quiet lake' });
    expect([cellOf(cloud, refused), refused.status]).toEqual([cell, 400]);
  });

  it('its page at home is that of somebody who has one', async () => {
    const emails = [inUs.person.email, await strangerOf('us')];
    const pages = await Promise.all(
      emails.map(async (email) => {
        const agent = createAgent(cloud);
        const page = await agent.get(`${requireUrl(cloud, 'eu')}/sign-in`);
        const home = await identify(agent, page, email);
        return home.document.querySelector('main')?.text;
      }),
    );
    expect(pages[0]).toBe(pages[1]);
  });

  it('a form with a password says no more: elsewhere, or wrong', async () => {
    const asked = async (email: string) => {
      const agent = createAgent(cloud);
      const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in?at=us`);
      const answer = await signIn(agent, page, { email, password: 'a wrong password' });
      return [cellOf(cloud, answer), answer.status, pathOf(answer)];
    };
    expect(await asked(inEu.person.email)).toEqual(await asked(await strangerOf('eu')));
    expect(await asked(inUs.person.email)).toEqual(await asked(await strangerOf('us')));
  });

  it('a network that looks up many addresses has to wait', async () => {
    await cloud.advance(901);
    const agent = createAgent(cloud);
    const page = await agent.get(`${requireUrl(cloud, 'ap')}/sign-in`);
    const post = () =>
      agent.submit(page, '/sign-in/identifier', { email: inEu.person.email }, { follow: false });
    const answers = [];
    for (let count = 0; count <= 100; count += 1) answers.push(await post());
    expect(answers.slice(0, 100).every(({ status }) => status === 303)).toBe(true);
    const last = answers.at(-1);
    expect(last?.status).toBe(429);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    await cloud.advance(901);
    expect((await post()).status).toBe(303);
  });
});

describe('recovery', () => {
  it('goes home with the address, and the mail leaves from there', async () => {
    const agent = createAgent(cloud);
    const { person } = await plantResident(cloud, 'eu');
    const page = await agent.get(`${requireUrl(cloud, 'us')}/recover`);
    const home = await agent.submit(page, '/recover', { email: person.email });
    expect([cellOf(cloud, home), pathOf(home)]).toEqual(['eu', '/recover']);
    expect(typedAddress(home)).toBe(person.email);
    const asked = await agent.submit(home, '/recover', { email: person.email });
    expect(pathOf(asked)).toBe('/recover/reset');
    expect(cloud.requireMail(person.email).region).toBe(cloud.regions['eu']);
    const link = await readLink(cloud, person.email, '/recover/reset');
    expect(new URL(link).origin).toBe(cloud.cellUrls['eu']);
    const renewed = { ...person, password: 'another lake, at dusk' };
    expect(pathOf(await resetPassword(cloud, agent, asked, renewed))).toBe('/account');
    expect(agent.cookies.get('home')).toBe('eu');
  });
});

describe('when the home does not answer', () => {
  it('the page says so, keeps what was typed, and sign-in works once it is back', async () => {
    await cloud.advance(901);
    await cloud.setCell('eu', 'down');
    const agent = createAgent(cloud);
    const page = await agent.get(`${requireUrl(cloud, 'us')}/sign-in`);
    const away = await identify(agent, page, inEu.person.email);
    expect([cellOf(cloud, away), away.status]).toEqual(['us', 503]);
    expect(headingOf(away)).toBe('One of our regions does not answer');
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    await cloud.setCell('eu', 'up');
    await cloud.advance(16);
    const href = away.document.querySelector('main a')?.getAttribute('href');
    const again = await agent.get(new URL(href ?? '', away.url));
    expect(typedAddress(again)).toBe(inEu.person.email);
    const home = await identify(agent, again, inEu.person.email);
    expect(pathOf(await signIn(agent, home, inEu.person))).toBe('/account');
  });
});
