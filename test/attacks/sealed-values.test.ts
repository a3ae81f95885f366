/** Sealed values where they do not belong: each opens for its own purpose alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { type App, redeem, refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  authorize,
  createSignedIn,
  obtainCode,
  obtainTokens,
  type Person,
} from '../harness/journeys.ts';
import { cookieOf, isSignedIn, SESSION } from './stolen-cookies.ts';

let cloud: TestCloud;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
});
afterAll(() => cloud?.close());

const typedAddress = ({ document }: Answer) =>
  document.querySelector('input[name=email]')?.getAttribute('value') ?? '';

describe('what was sealed for one purpose opens for no other', () => {
  let agent: Agent;
  let person: Person;
  const sealed = new Map<string, string>();

  beforeAll(async () => {
    ({ agent, person } = await createSignedIn(cloud));
    const visitor = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, visitor, app);
    for (const name of ['form', 'request']) {
      const input = answer.document.querySelector(`input[name=${name}]`);
      sealed.set(name, input?.getAttribute('value') ?? '');
    }
    sealed.set(SESSION, cookieOf(agent, SESSION));
    sealed.set('code', (await obtainCode(cloud, agent, app)).code);
    const tokens = await obtainTokens(cloud, agent, app);
    sealed.set('refresh token', requireText(tokens, 'refresh_token'));
    sealed.set('access token', requireText(tokens, 'access_token'));
    sealed.set('ID token', requireText(tokens, 'id_token'));
  });

  test.each(['form', 'request', 'code', 'refresh token', 'access token', 'ID token'])(
    'a %s is no session',
    async (name) => {
      const value = sealed.get(name) ?? '';
      expect(value).not.toBe('');
      expect(await isSignedIn(cloud.issuer, value)).toBe(false);
      expect(await isSignedIn(cloud.issuer, value.replace(/^eu\./, ''))).toBe(false);
    },
  );

  test.each(['form', SESSION, 'refresh token', 'access token'])('a %s is no code', async (name) => {
    const { attempt } = await obtainCode(cloud, agent, app);
    for (const code of [sealed.get(name) ?? '', `eu.${sealed.get(name)}`]) {
      expect((await redeem(cloud, attempt, code)).json['error']).toBe('invalid_grant');
    }
  });

  test.each(['form', SESSION, 'code', 'access token'])('a %s is no refresh token', async (name) => {
    for (const token of [sealed.get(name) ?? '', `eu.${sealed.get(name)}`]) {
      expect((await refresh(cloud, app, token)).json['error']).toBe('invalid_grant');
    }
  });

  test.each(['form', SESSION, 'code'])('a %s is no authorization request', async (name) => {
    const query = new URLSearchParams({ request: sealed.get(name) ?? '' });
    const answer = await createAgent(cloud.issuer).get(`/sign-in?${query.toString()}`);
    expect(answer.status).toBe(400);
    expect(typedAddress(answer)).not.toContain(person.email);
  });

  test.each(['request', SESSION, 'code'])('a %s is no form token', async (name) => {
    const visitor = createAgent(cloud.issuer);
    const page = await visitor.get('/sign-in');
    const form = sealed.get(name) ?? '';
    expect((await visitor.submit(page, '/sign-in', { ...person, form })).status).toBe(403);
  });
});
