/** What operators set is what people and apps see: everything here differs from its default. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, createAgent } from '../harness/agent.ts';
import { registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askRecovery,
  createAccount,
  createSignedIn,
  newPerson,
  obtainTokens,
  type Person,
  signUp,
} from '../harness/journeys.ts';
import { pathOf } from './answers.ts';

const PRODUCT = 'Glashaus';
const SENDER = 'konto@glashaus.example';
const TERMS = 'https://glashaus.example/terms';
const PRIVACY = 'https://glashaus.example/privacy';
const ID_TOKEN_SECONDS = 1200;
const MINIMUM_LENGTH = 14;
const TEXTS = { ProductName: PRODUCT, FromAddress: SENDER, DefaultLanguage: 'de' };

describe('a cloud with parameters of its own', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud({
      parameters: {
        ...TEXTS,
        TermsUrl: TERMS,
        PrivacyUrl: PRIVACY,
        PasswordMinimumLength: String(MINIMUM_LENGTH),
        IdTokenLifetimeSeconds: String(ID_TOKEN_SECONDS),
      },
    });
  });
  afterAll(() => cloud?.close());

  it('FromAddress: every mail comes from there', async () => {
    const { person } = await createSignedIn(cloud);
    await askRecovery(createAgent(cloud.issuer), person.email);
    await askRecovery(createAgent(cloud.issuer), newPerson().email);
    const senders = cloud.inbox().map(({ from }) => from);
    expect(senders.length).toBeGreaterThan(2);
    expect(new Set(senders)).toEqual(new Set([SENDER]));
  });

  it('ProductName: on pages, in their titles and in mail', async () => {
    const { person, agent } = await createSignedIn(cloud);
    for (const path of ['/sign-in', '/sign-up', '/recover', '/account']) {
      const page = await agent.get(path);
      expect(page.document.querySelector('header')?.text, path).toContain(PRODUCT);
      expect(page.document.querySelector('title')?.text, path).toContain(PRODUCT);
      expect(page.body, path).not.toContain('Domicile');
    }
    const mail = cloud.requireMail(person.email);
    expect([mail.subject, mail.text, mail.html].join('\n')).not.toContain('Domicile');
    expect(mail.text).toContain(PRODUCT);
    expect(mail.html).toContain(PRODUCT);
  });

  it('DefaultLanguage: for browsers that name none that the pages have', async () => {
    const agent = createAgent(cloud.issuer);
    const languageOf = async (path: string, wanted: string) => {
      const page = await agent.get(path, { headers: { 'accept-language': wanted } });
      return page.document.querySelector('html')?.getAttribute('lang');
    };
    expect(await languageOf('/sign-in', 'fr-FR, is;q=0.5')).toBe('de');
    expect(await languageOf('/account', 'fr-FR, is;q=0.5')).toBe('de');
    expect(await languageOf('/sign-in', 'fr-FR, en;q=0.5')).toBe('en');
    const person = await createAccount(cloud, agent);
    expect(cloud.requireMail(person.email).html).toContain('lang="de"');
  });

  it('PasswordMinimumLength: at sign-up, at recovery and in the portal', async () => {
    const short = 'x7-lake-dawn!';
    expect(short).toHaveLength(MINIMUM_LENGTH - 1);
    const { person, agent } = await createSignedIn(cloud);
    const newcomer = createAgent(cloud.issuer);
    const recovering = await askRecovery(newcomer, person.email);
    const account = await agent.get('/account/password');
    const refusals = [
      await signUp(newcomer, await newcomer.get('/sign-up'), { ...newPerson(), password: short }),
      await newcomer.submit(recovering, '/recover/reset', { code: '000000', password: short }),
      await agent.submit(account, '/account/password', {
        current: person.password,
        password: short,
      }),
    ];
    for (const { status, document } of refusals) {
      expect(status).toBe(400);
      expect(document.querySelector('#password-error')?.text).toContain(String(MINIMUM_LENGTH));
    }
    const enough: Person = { ...newPerson(), password: `${short}-` };
    const page = await signUp(newcomer, await newcomer.get('/sign-up'), enough);
    expect(pathOf(page)).toBe('/verify');
  });

  it('TermsUrl: linked at sign-up, which nobody gets past without accepting', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-up');
    expect(linksOf(page)).toContain(TERMS);
    const mails = cloud.inbox().length;
    const { email, password } = newPerson();
    const refused = await agent.submit(page, '/sign-up', { email, password });
    expect(refused.status).toBe(400);
    expect(refused.document.querySelector('[name=terms]')?.getAttribute('aria-invalid')).toBe(
      'true',
    );
    expect(cloud.inbox()).toHaveLength(mails);
    const accepted = { email, password, terms: 'accepted' };
    expect(pathOf(await agent.submit(refused, '/sign-up', accepted))).toBe('/verify');
  });

  it('PrivacyUrl: linked at sign-up', async () => {
    expect(linksOf(await createAgent(cloud.issuer).get('/sign-up'))).toContain(PRIVACY);
  });

  it('IdTokenLifetimeSeconds: when an ID token expires', async () => {
    const { agent } = await createSignedIn(cloud);
    const tokens = await obtainTokens(cloud, agent, await registerApp(cloud));
    const { exp = 0, iat = 0 } = decodeJwt(requireText(tokens, 'id_token'));
    expect(exp - iat).toBe(ID_TOKEN_SECONDS);
  });
});

describe('a cloud with SelfRegistration=disabled', () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud({ parameters: { SelfRegistration: 'disabled' } });
  });
  afterAll(() => cloud?.close());

  it('does not offer sign-up at sign-in', async () => {
    const links = linksOf(await createAgent(cloud.issuer).get('/sign-in')).join('\n');
    expect(links).toContain('/recover');
    expect(links).not.toContain('/sign-up');
  });

  it('refuses page and form of sign-up, and sends no mail', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-up');
    const form = await agent.get('/recover');
    const inputs = form.document.querySelectorAll('form[action="/recover"] input[type=hidden]');
    const hidden = inputs.map((input) => [
      input.getAttribute('name') ?? '',
      input.getAttribute('value') ?? '',
    ]);
    const fields = { ...Object.fromEntries(hidden), ...newPerson(), terms: 'accepted' };
    const posted = await agent.post('/sign-up', fields);
    for (const { status, document } of [page, posted]) {
      expect([status, document.querySelector('h1')?.text]).toEqual([403, 'No sign-up here']);
    }
    expect(cloud.inbox()).toEqual([]);
  });
});

function linksOf(page: Answer): ReadonlyArray<string | undefined> {
  return page.document.querySelectorAll('a').map((anchor) => anchor.getAttribute('href'));
}
