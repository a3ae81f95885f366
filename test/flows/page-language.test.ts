/** People choose the language of the pages at their foot; it goes with them from there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { registerApp, requireCode } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { FORMS } from '../harness/forms.ts';
import {
  authorize,
  confirmByCode,
  newPerson,
  openSignUp,
  signOut,
  signUp,
} from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

function languageOf({ document }: Answer): string | undefined {
  return document.querySelector('html')?.getAttribute('lang');
}

async function choose(agent: Agent, page: Answer, language: string): Promise<Answer> {
  const link = page.document.querySelector(`footer a[hreflang=${language}]`);
  if (link === null) throw new Error(`no link to ${language} at ${page.url}`);
  return agent.get(new URL(link.getAttribute('href') ?? '', page.url));
}

it('goes along from the sign-in page to the mail, and the app is answered all the same', async () => {
  const agent = createAgent(cloud.issuer);
  const app = await registerApp(cloud);
  const person = newPerson();
  const { answer: english } = await authorize(cloud, agent, app, { ui_locales: 'en' });
  expect(languageOf(english)).toBe('en');

  const german = await choose(agent, english, 'de');
  expect(languageOf(german)).toBe('de');
  const refused = await agent.submit(german, '/sign-in', { email: 'nobody', password: 'x' });
  expect([refused.status, languageOf(refused)]).toEqual([400, 'de']);
  const waiting = await signUp(agent, await openSignUp(agent, refused), person);
  expect(languageOf(waiting)).toBe('de');
  expect(cloud.requireMail(person.email).html).toContain('lang="de"');
  requireCode(await confirmByCode(cloud, agent, waiting, person));
  expect(languageOf(await agent.get('/account'))).toBe('de');
  expect(languageOf(await signOut(agent))).toBe('de');
});

describe.each(FORMS)('the page of the form $action', ({ action, stand, fields = {} }) => {
  it('is there in the other language, with the same form', async () => {
    const { agent, page } = await stand(cloud);
    const german = await choose(agent, page, 'de');
    expect([german.status, languageOf(german)]).toEqual([200, 'de']);
    const actions = german.document
      .querySelectorAll('form')
      .map((form) => form.getAttribute('action'));
    expect(actions).toContain(action);
    expect(languageOf(await choose(agent, german, 'en'))).toBe('en');
  });

  it('offers it in an answer too', async () => {
    const { agent, page } = await stand(cloud);
    const answer = await agent.submit(page, action, fields);
    if (answer.leadsTo !== undefined) return;
    const german = await choose(agent, answer, 'de');
    expect([german.status, languageOf(german)]).toEqual([200, 'de']);
  });
});

it('can be chosen after signing out', async () => {
  const { agent } = await plantSignedIn(cloud);
  const german = await choose(agent, await signOut(agent), 'de');
  expect(german.document.querySelector('h1')?.text).toBe('Sie sind abgemeldet');
});

describe('the choice', () => {
  const cookiesAt = async (path: string) => {
    const { headers } = await createAgent(cloud.issuer).get(path);
    return headers.getSetCookie().filter((cookie) => cookie.startsWith('language='));
  };

  it('is kept in a cookie that scripts cannot read', async () => {
    const [cookie] = await cookiesAt('/sign-in?language=de');
    expect(cookie).toBe('language=de; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000');
  });

  it.each([
    '/sign-in',
    '/sign-in?language=xx',
    '/sign-in?ui_locales=de',
    '/oauth2/logout?ui_locales=de',
  ])('is not made by %s', async (path) => expect(await cookiesAt(path)).toEqual([]));

  it('means more than what the app and the browser wish, and nonsense nothing', async () => {
    const agent = createAgent(cloud.issuer);
    const app = await registerApp(cloud);
    const headers = { 'accept-language': 'en' };
    await agent.get('/sign-in?language=de', { headers });
    const { answer } = await authorize(cloud, agent, app, { ui_locales: 'en' });
    expect(languageOf(answer)).toBe('de');
    agent.cookies.set('language', '"><script>');
    expect(languageOf(await agent.get('/sign-in', { headers }))).toBe('en');
  });
});
