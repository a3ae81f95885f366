/** Where somebody will be at home: settled before anything personal is typed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, findCallback, registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, confirmByCode, newPerson, signIn, signUp } from '../harness/journeys.ts';
import { alertOf, pathOf } from './answers.ts';
import { withFewCountries } from './cell-countries.ts';
import {
  asksPassword,
  cellOf,
  identify,
  openSignUpAt,
  plantResident,
  requireUrl,
} from './residents.ts';

let cloud: TestCloud;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud({
    cells: ['eu', 'us', 'ap'],
    transformTemplate: withFewCountries,
  });
  app = await registerApp(cloud);
  await cloud.flushReplication();
}, 120_000);
afterAll(() => cloud?.close());

const from = (country: string) => ({ headers: { 'cloudfront-viewer-country': country } });

/** From the app to the sign-in page, and by its link to sign-up. */
async function openSignUp(agent: Agent, client: App, country?: string): Promise<Answer> {
  const { answer } = await authorize(cloud, agent, client);
  const link = answer.document.querySelector('a[href^="/sign-up"]')?.getAttribute('href') ?? '';
  return agent.get(new URL(link, answer.url), country === undefined ? {} : from(country));
}

const restrictTo = (cells: ReadonlyArray<string>) =>
  registerApp(cloud, { metadata: { domicile_allowed_cells: cells } });

function placeOf({ document }: Answer): string | undefined {
  return document.querySelector('.box strong')?.text;
}

function mainOf({ document }: Answer): string {
  return document.querySelector('main')?.text ?? '';
}

function optionsOf({ document }: Answer): ReadonlyArray<string> {
  return document.querySelectorAll('option').map((option) => option.text);
}

describe('a sign-up page asked for with several cells', () => {
  it('is served by the home cell of the country that the request comes from', async () => {
    cloud.setEntry('eu');
    const agent = createAgent(cloud);
    const page = await openSignUp(agent, app, 'AU');
    expect([cellOf(cloud, page), pathOf(page)]).toEqual(['ap', '/sign-up']);
    expect(placeOf(page)).toBe('Australia (Sydney)');
    expect(mainOf(page)).toContain('Your country: Australia.');
    const person = newPerson();
    const done = await confirmByCode(cloud, agent, await signUp(agent, page, person), person);
    expect(requireCode(done)).not.toBe('');
    expect(agent.cookies.get('home')).toBe('ap');
  });

  it('asks who comes from nowhere, with every country in the language of the reader', async () => {
    const agent = createAgent(cloud);
    const page = await openSignUp(agent, app, 'XX');
    expect(pathOf(page)).toBe('/sign-up/region');
    expect(optionsOf(page)).toEqual([
      ...['Please choose', 'Australia', 'Austria', 'Canada', 'Germany', 'New Zealand'],
      ...['United States', 'None of these'],
    ]);
    const german = await agent.get(`${page.url}&language=de`);
    expect(optionsOf(german)).toEqual([
      ...['Bitte wählen', 'Australien', 'Deutschland', 'Kanada', 'Neuseeland', 'Österreich'],
      ...['Vereinigte Staaten', 'Keines davon'],
    ]);
  });

  it('holds no field for anything personal before the home is settled', async () => {
    const page = await openSignUp(createAgent(cloud), app);
    expect(pathOf(page)).toBe('/sign-up/region');
    expect(page.document.querySelector('input[type=email], input[type=password]')).toBeNull();
    expect(page.body.length).toBeLessThan(30_000);
  });

  it('begins with the guessed country when somebody wants another one', async () => {
    const agent = createAgent(cloud);
    const page = await openSignUp(agent, app, 'CA');
    const change = page.document.querySelector('.box a')?.getAttribute('href') ?? '';
    const region = await agent.get(new URL(change, page.url));
    expect(region.document.querySelector('option[selected]')?.text).toBe('Canada');
    const chosen = await agent.submit(region, '/sign-up/region', { country: 'DE' });
    expect([cellOf(cloud, chosen), placeOf(chosen)]).toEqual(['eu', 'Germany (Frankfurt)']);
  });

  it('asks again when no country was chosen', async () => {
    const agent = createAgent(cloud);
    const region = await openSignUp(agent, app);
    for (const country of ['', 'XX', 'de']) {
      const again = await agent.submit(region, '/sign-up/region', { country });
      expect([again.status, alertOf(again)]).toEqual([400, 'Please choose your country.']);
    }
  });

  it('lets people of other countries choose a place', async () => {
    const agent = createAgent(cloud);
    const region = await openSignUp(agent, app);
    const places = await agent.submit(region, '/sign-up/region', { country: 'other' });
    expect(places.document.querySelectorAll('legend ~ label').map(({ text }) => text)).toEqual([
      ...['Germany (Frankfurt)', 'United States (Virginia)', 'Australia (Sydney)'],
    ]);
    const none = await agent.submit(places, '/sign-up/region');
    expect([none.status, alertOf(none)]).toEqual([400, 'Please choose a place.']);
    const chosen = await agent.submit(none, '/sign-up/region', { cell: 'us' });
    expect([cellOf(cloud, chosen), pathOf(chosen)]).toEqual(['us', '/sign-up']);
    expect(mainOf(chosen)).not.toContain('Your country');
  });

  it('leads from the places back to the countries', async () => {
    const agent = createAgent(cloud);
    const region = await openSignUp(agent, app);
    const places = await agent.submit(region, '/sign-up/region', { country: 'other' });
    const again = await agent.submit(places, '/sign-up/region');
    for (const page of [places, again]) {
      const back = page.document
        .querySelectorAll('.ways a')
        .find(({ text }) => text === 'Choose another country');
      const countries = await agent.get(new URL(back?.getAttribute('href') ?? '', page.url));
      expect(optionsOf(countries)).toContain('Canada');
    }
  });

  it('keeps what the page says of the home when the form comes back', async () => {
    const agent = createAgent(cloud);
    const page = await openSignUp(agent, app, 'CA');
    const again = await signUp(agent, page, { email: 'nonsense', password: 'x' });
    expect([again.status, placeOf(again)]).toEqual([400, 'United States (Virginia)']);
    expect(mainOf(again)).toContain('Your country: Canada.');
  });

  it('is refused where its form is not of this browser', async () => {
    const agent = createAgent(cloud);
    const region = await openSignUp(agent, app);
    const stranger = createAgent(cloud);
    const refused = await stranger.submit(region, '/sign-up/region', { country: 'DE' });
    expect(refused.status).toBe(403);
  });
});

describe('a link to a sign-up page', () => {
  const inUs = (path: string) => `${requireUrl(cloud, 'us')}${path}`;

  it.each(['at=us', 'at=us&country=US', 'settled=us', 'choose=1'])(
    'cannot choose the home of who follows it (%s)',
    async (query) => {
      const page = await createAgent(cloud).get(inUs(`/sign-up?${query}`), from('DE'));
      expect([cellOf(cloud, page), placeOf(page)]).toEqual(['eu', 'Germany (Frankfurt)']);
    },
  );

  it('cannot do so with what was settled in another browser, seen before or not', async () => {
    const attacker = createAgent(cloud);
    const region = await attacker.get(inUs('/sign-up/region'));
    const places = await attacker.submit(region, '/sign-up/region', { country: 'other' });
    const settled = await attacker.submit(places, '/sign-up/region', { cell: 'us' });
    expect([cellOf(cloud, settled), pathOf(settled)]).toEqual(['us', '/sign-up']);
    expect((await attacker.get(settled.url, from('DE'))).url).toBe(settled.url);
    const visitor = createAgent(cloud);
    for (const visit of ['first', 'second']) {
      const page = await visitor.get(settled.url, from('DE'));
      expect([visit, cellOf(cloud, page)]).toEqual([visit, 'eu']);
      await visitor.get(inUs('/sign-in'));
    }
    const nowhere = await visitor.get(settled.url);
    expect(pathOf(nowhere)).toBe('/sign-up/region');
  });

  it('shows the form in the region of who follows it though their browser keeps no cookies', async () => {
    const agent = createAgent(cloud);
    agent.cookies.set = () => agent.cookies;
    const page = await agent.get(inUs('/sign-up'), from('US'));
    expect([page.status, cellOf(cloud, page), placeOf(page)]).toEqual([
      ...[200, 'us', 'United States (Virginia)'],
    ]);
  });
});

describe('somebody who has a home', () => {
  const homes = async () =>
    (await cloud.items('directory')).filter(({ pk }) => /^(SUB|IDENTIFIER)#/.test(String(pk)));

  it.each(['here', 'there'])('is not moved by naming another country, %s', async (where) => {
    const { agent, person } = await plantResident(cloud, 'eu');
    const before = await homes();
    const url = requireUrl(cloud, where === 'here' ? 'eu' : 'us');
    const region = await agent.get(`${url}/sign-up/region`);
    const form = await agent.submit(region, '/sign-up/region', { country: 'US' });
    expect([cellOf(cloud, form), placeOf(form)]).toEqual(['us', 'United States (Virginia)']);
    expect(pathOf(await signUp(agent, form, person))).toBe('/verify');
    const { subject, codes } = cloud.requireMail(person.email);
    expect([subject, codes]).toEqual(['You already have an account with Domicile', []]);

    await cloud.flushReplication();
    expect(await homes()).toEqual(before);
    const next = createAgent(cloud);
    const page = await next.get(`${requireUrl(cloud, 'us')}/sign-in`, from('US'));
    const account = await signIn(next, page, person);
    expect([cellOf(cloud, account), pathOf(account)]).toEqual(['eu', '/account']);
  });

  it('has the one that was confirmed first, where two were begun', async () => {
    const person = newPerson();
    const [first, second] = [createAgent(cloud), createAgent(cloud)];
    const inEu = await signUp(first, await openSignUpAt(cloud, first, 'eu'), person);
    const euMail = cloud.requireMail(person.email);
    const inUs = await signUp(second, await openSignUpAt(cloud, second, 'us'), person);
    const done = await confirmByCode(cloud, second, inUs, person);
    expect([cellOf(cloud, done), pathOf(done)]).toEqual(['us', '/account']);
    const late = await first.submit(inEu, '/verify', { code: euMail.codes[0] ?? '' });
    expect(pathOf(late)).not.toBe('/account');

    await cloud.flushReplication();
    const next = createAgent(cloud);
    const page = await next.get(`${requireUrl(cloud, 'eu')}/sign-in`, from('DE'));
    expect(cellOf(cloud, await signIn(next, page, person))).toBe('us');
  });
});

describe('an app that takes people of some cells alone', () => {
  it('is signed up for in the only one, whatever is known of the country', async () => {
    const client = await restrictTo(['us']);
    await cloud.flushReplication();
    const page = await openSignUp(createAgent(cloud), client);
    expect([cellOf(cloud, page), placeOf(page)]).toEqual(['us', 'United States (Virginia)']);
  });

  it('says which places it offers to people whose usual one it does not', async () => {
    const client = await restrictTo(['us', 'eu']);
    await cloud.flushReplication();
    const agent = createAgent(cloud);
    const page = await openSignUp(agent, client, 'NZ');
    expect(pathOf(page)).toBe('/sign-up/region');
    expect(mainOf(page)).toContain(
      'The usual place for your country, New Zealand, is not offered here.',
    );
    expect(mainOf(page)).not.toContain('Sydney');
    const chosen = await agent.submit(page, '/sign-up/region', { cell: 'eu' });
    expect(cellOf(cloud, chosen)).toBe('eu');
    const forbidden = await agent.submit(page, '/sign-up/region', { cell: 'ap' });
    expect(forbidden.status).toBe(400);
  });

  it('is not signed up for at another cell, by whatever address', async () => {
    const client = await restrictTo(['us']);
    await cloud.flushReplication();
    const agent = createAgent(cloud);
    const page = await openSignUp(agent, client);
    const elsewhere = page.url.replace(requireUrl(cloud, 'us'), requireUrl(cloud, 'eu'));
    const led = await agent.get(elsewhere);
    expect(cellOf(cloud, led)).toBe('us');
  });

  it('learns access_denied when somebody at home elsewhere signs in', async () => {
    const client = await restrictTo(['us']);
    const { person } = await plantResident(cloud, 'eu');
    const agent = createAgent(cloud);
    const { attempt, answer } = await authorize(cloud, agent, client);
    const home = asksPassword(answer) ? answer : await identify(agent, answer, person.email);
    const callback = findCallback(await signIn(agent, home, person));
    expect([callback?.error, callback?.state]).toEqual(['access_denied', attempt.state]);
  });
});

describe('with one cell', () => {
  let single: TestCloud;
  beforeAll(async () => {
    single = await startTestCloud();
  });
  afterAll(() => single?.close());

  it('there is no page that asks, and nothing is said of places', async () => {
    const agent = createAgent(single);
    expect((await agent.get('/sign-up/region')).status).toBe(404);
    const page = await agent.get('/sign-up');
    expect([page.status, placeOf(page)]).toEqual([200, undefined]);
    expect(page.document.querySelector('input[name=at]')).toBeNull();
  });
});
