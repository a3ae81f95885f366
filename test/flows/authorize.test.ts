import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  findCallback,
  registerApp,
  requireCode,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, decide, obtainTokens, type Person, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { alertOf, pathOf, targetOf } from './answers.ts';

let cloud: TestCloud;
let app: App;
let signedIn: { person: Person; agent: Agent };

beforeAll(async () => {
  cloud = await startTestCloud();
  app = await registerApp(cloud);
  signedIn = await plantSignedIn(cloud);
});
afterAll(() => cloud?.close());

describe('errors that no redirect may carry (RFC 6749 §4.1.2.1)', () => {
  it.each([
    ['an unknown client', { client_id: 'nobody' }, 'do not know the app'],
    ['no client', { client_id: '' }, 'do not know the app'],
    ['a client_id that is no id', { client_id: '../../CLIENT' }, 'do not know the app'],
    ['no redirect URI', { redirect_uri: '' }, 'not registered'],
    ['another redirect URI', { redirect_uri: 'https://evil.example/' }, 'not registered'],
    ['a longer redirect URI', { redirect_uri: 'REGISTERED/more' }, 'not registered'],
    ['a redirect URI with a query', { redirect_uri: 'REGISTERED?a=b' }, 'not registered'],
    [
      'a redirect URI of 9 kB',
      { redirect_uri: `https://a.example/${'a'.repeat(3000)}` },
      'request',
    ],
  ])('are a page for %s', async (_, parameters, text) => {
    const sent = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        value.replace('REGISTERED', app.redirectUri),
      ]),
    );
    const { answer } = await authorize(cloud, signedIn.agent, app, sent);
    expect(answer.leadsTo).toBeUndefined();
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(text);
  });

  it.each(['client_id', 'redirect_uri'])('are a page for a repeated %s', async (name) => {
    const { url } = attemptAuthorization(cloud, app);
    url.search = `?scope=openid&scope=email&${url.searchParams}`;
    url.searchParams.append(name, url.searchParams.get(name) ?? '');
    const answer = await signedIn.agent.get(url);
    expect([answer.status, answer.leadsTo]).toEqual([400, undefined]);
  });
});

describe('errors that go back to the app, with state and iss', () => {
  const REDIRECTED: ReadonlyArray<readonly [string, Record<string, string>, string]> = [
    ['no response_type', { response_type: '' }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['the hybrid flow', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['response_mode=fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['no code_challenge', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge without method', { code_challenge_method: '' }, 'invalid_request'],
    ['a challenge of another length', { code_challenge: 'short' }, 'invalid_request'],
    ['no scope', { scope: '' }, 'invalid_scope'],
    ['unknown scopes alone', { scope: 'root everything' }, 'invalid_scope'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['a request_uri', { request_uri: 'https://a.example/' }, 'request_uri_not_supported'],
    ['a registration', { registration: '{}' }, 'registration_not_supported'],
    ['an unknown prompt', { prompt: 'dance' }, 'invalid_request'],
    ['prompt none among others', { prompt: 'none login' }, 'invalid_request'],
    ['a max_age that is no number', { max_age: 'soon' }, 'invalid_request'],
    ['a nonce of 513 characters', { nonce: 'n'.repeat(513) }, 'invalid_request'],
    [
      'a resource that is not the client’s',
      { resource: 'https://other.example/' },
      'invalid_target',
    ],
    ['an id_token_hint that is not ours', { id_token_hint: 'a.b.c' }, 'invalid_request'],
  ];
  it.each(REDIRECTED)('name %s', async (_, parameters, error) => {
    const { attempt, answer } = await authorize(cloud, signedIn.agent, app, parameters);
    expect(targetOf(answer)).toBe(app.redirectUri);
    expect(findCallback(answer)).toMatchObject({ error, state: attempt.state, iss: cloud.issuer });
  });

  it('name a repeated parameter', async () => {
    const { url } = attemptAuthorization(cloud, app);
    url.searchParams.append('scope', 'openid');
    const callback = findCallback(await signedIn.agent.get(url));
    expect(callback?.error).toBe('invalid_request');
  });

  it.each([
    ['is too long', 's'.repeat(2049)],
    ['would swell in a URL', '€'.repeat(2048)],
    ['holds a line break', 'a\r\nb'],
  ])('leave out a state that %s (RFC 6749 A.5)', async (_, state) => {
    const { url } = attemptAuthorization(cloud, app, { state });
    const answer = await signedIn.agent.post('/oauth2/authorize', url.searchParams.toString());
    expect(findCallback(answer)).toMatchObject({ error: 'invalid_request', state: undefined });
  });

  it('name a client that may not use the code flow', async () => {
    const { client_id: clientId } = await cloud.registerClient({
      client_name: 'A job',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      scope: 'read',
    });
    const { answer } = await authorize(cloud, signedIn.agent, { ...app, clientId });
    expect(answer.status).toBe(400);
  });
});

describe('prompt and max_age (OIDC Core §3.1.2.1)', () => {
  it('answers prompt=none with what is missing, and never with a page', async () => {
    const stranger = await authorize(cloud, createAgent(cloud.issuer), app, { prompt: 'none' });
    expect(findCallback(stranger.answer)?.error).toBe('login_required');
    const target = await registerThirdParty();
    const { answer } = await authorize(cloud, signedIn.agent, target, { prompt: 'none' });
    expect(findCallback(answer)?.error).toBe('consent_required');
  });

  it.each(['login', 'select_account', 'login consent'])(
    'asks again on prompt=%s',
    async (prompt) => {
      const { answer } = await authorize(cloud, signedIn.agent, app, { prompt });
      expect(pathOf(answer)).toBe('/sign-in');
    },
  );

  it('asks again on max_age=0, and once the last sign-in is older than max_age', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    expect(pathOf((await authorize(cloud, agent, app, { max_age: '0' })).answer)).toBe('/sign-in');
    requireCode((await authorize(cloud, agent, app, { max_age: '300' })).answer);
    await cloud.advance(301);
    const { answer } = await authorize(cloud, agent, app, { max_age: '300' });
    expect(pathOf(answer)).toBe('/sign-in');
    requireCode(await signIn(agent, answer, person));
  });

  it('answers prompt=none and a max_age that is over with login_required', async () => {
    const { agent } = await plantSignedIn(cloud);
    await cloud.advance(301);
    const { answer } = await authorize(cloud, agent, app, { prompt: 'none', max_age: '300' });
    expect(findCallback(answer)?.error).toBe('login_required');
  });

  it('does not take prompt=login for met at the consent page without a new sign-in', async () => {
    await cloud.advance(1);
    const target = await registerThirdParty();
    const { answer } = await authorize(cloud, signedIn.agent, target, { prompt: 'login' });
    const sealed = new URL(answer.url).searchParams.get('request') ?? '';
    const skipped = await signedIn.agent.get(`/consent?request=${sealed}`);
    expect(pathOf(skipped)).toBe('/sign-in');
  });
});

describe('id_token_hint', () => {
  it('asks whoever else is signed in to sign in, and refuses if they stay somebody else', async () => {
    const first = await plantSignedIn(cloud);
    const hint = String((await obtainTokens(cloud, first.agent, app)).json['id_token']);
    requireCode((await authorize(cloud, first.agent, app, { id_token_hint: hint })).answer);
    const other = await plantSignedIn(cloud);
    const silent = { id_token_hint: hint, prompt: 'none' };
    const refused = await authorize(cloud, other.agent, app, silent);
    expect(findCallback(refused.answer)?.error).toBe('login_required');
    const { answer } = await authorize(cloud, other.agent, app, { id_token_hint: hint });
    expect(pathOf(answer)).toBe('/sign-in');
    const stubborn = await signIn(other.agent, answer, other.person);
    expect(findCallback(stubborn)?.error).toBe('login_required');
  });

  it('accepts one that has expired', async () => {
    const { agent } = await plantSignedIn(cloud);
    const hint = String((await obtainTokens(cloud, agent, app)).json['id_token']);
    await cloud.advance(7200);
    requireCode((await authorize(cloud, agent, app, { id_token_hint: hint })).answer);
  });
});

describe('the request', () => {
  it('may be posted from another site, whose form carries no cookies', async () => {
    const { url } = attemptAuthorization(cloud, app);
    const stranger = createAgent(cloud.issuer);
    stranger.cookies.clear();
    const headers = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
    const query = url.searchParams.toString();
    const answer = await stranger.post('/oauth2/authorize', query, { headers, follow: false });
    expect([answer.status, answer.leadsTo?.pathname]).toEqual([303, '/oauth2/authorize']);
    if (answer.leadsTo !== undefined) requireCode(await signedIn.agent.get(answer.leadsTo));
  });

  it('goes on without what we do not understand, however much a form posts', async () => {
    const { url } = attemptAuthorization(cloud, app);
    const body = `${url.searchParams}&junk=${'x'.repeat(60_000)}`;
    const stranger = createAgent(cloud.issuer);
    const { leadsTo } = await stranger.post('/oauth2/authorize', body, { follow: false });
    expect(leadsTo?.pathname).toBe('/oauth2/authorize');
    expect(leadsTo?.searchParams.get('junk')).toBeNull();
    expect(leadsTo?.searchParams.get('state')).toBe(url.searchParams.get('state'));
  });

  it('is answered by form post when it asks for that', async () => {
    const { attempt, answer } = await authorize(cloud, signedIn.agent, app, {
      response_mode: 'form_post',
    });
    const form = answer.document.querySelector('form');
    expect(form?.getAttribute('action')).toBe(app.redirectUri);
    const value = (name: string) =>
      form?.querySelector(`input[name=${name}]`)?.getAttribute('value');
    expect(value('state')).toBe(attempt.state);
    expect(value('iss')).toBe(cloud.issuer);
    expect(value('code')).toBeTruthy();
    const csp = answer.headers.get('content-security-policy') ?? '';
    expect(csp).toContain(`form-action 'self' ${new URL(app.redirectUri).origin}`);
  });

  it('fills in the login_hint and speaks a language of ui_locales', async () => {
    const agent = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, agent, app, {
      login_hint: 'ada@example.com',
      ui_locales: 'de en',
    });
    expect(answer.document.querySelector('#email')?.getAttribute('value')).toBe('ada@example.com');
    expect(answer.document.querySelector('html')?.getAttribute('lang')).toBe('de');
  });

  it('allows a native app any port of its loopback address (RFC 8252 §7.3)', async () => {
    const native = await cloud.registerClient({
      client_name: 'A tool',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
      scope: 'openid',
    });
    const tool = {
      ...app,
      clientId: native.client_id,
      redirectUri: 'http://127.0.0.1:49152/callback',
    };
    const { answer } = await authorize(cloud, signedIn.agent, tool);
    expect(targetOf(answer)).toBe('http://127.0.0.1:49152/callback');
    requireCode(answer);
    const beyond = { ...tool, redirectUri: 'http://127.0.0.1:99999/callback' };
    const refused = await authorize(cloud, createAgent(cloud.issuer), beyond);
    expect([refused.answer.status, refused.answer.leadsTo]).toEqual([400, undefined]);
  });

  it('of a confidential client may come without PKCE when it is registered so', async () => {
    const relaxed = await registerApp(cloud, { metadata: { domicile_require_pkce: false } });
    const without = { code_challenge: '', code_challenge_method: '' };
    requireCode((await authorize(cloud, signedIn.agent, relaxed, without)).answer);
  });
});

describe('consent to an app of somebody else', () => {
  it('is asked for once, and remembered', async () => {
    const { agent, person } = await plantSignedIn(cloud);
    const target = await registerThirdParty();
    const { answer } = await authorize(cloud, agent, target);
    expect(pathOf(answer)).toBe('/consent');
    expect(answer.body).toContain(person.email);
    requireCode(await decide(agent, answer, 'allow'));
    requireCode((await authorize(cloud, agent, target)).answer);
    const asked = await authorize(cloud, agent, target, { prompt: 'consent' });
    expect(pathOf(asked.answer)).toBe('/consent');
  });

  it('comes after the sign-in, and passes when it was given before', async () => {
    const { person } = await plantSignedIn(cloud);
    const target = await registerThirdParty();
    for (const expected of ['/consent', undefined]) {
      const agent = createAgent(cloud.issuer);
      const { answer } = await authorize(cloud, agent, target);
      const arrived = await signIn(agent, answer, person);
      if (expected === undefined) requireCode(arrived);
      else requireCode(await decide(agent, arrived, 'allow'));
    }
  });

  it('can be refused', async () => {
    const { agent } = await plantSignedIn(cloud);
    const { answer } = await authorize(cloud, agent, await registerThirdParty());
    expect(findCallback(await decide(agent, answer, 'deny'))?.error).toBe('access_denied');
  });

  it('is asked for again when the app wants more', async () => {
    const { agent } = await plantSignedIn(cloud);
    const target = await registerThirdParty();
    const { answer } = await authorize(cloud, agent, target, { scope: 'openid' });
    requireCode(await decide(agent, answer, 'allow'));
    const more = await authorize(cloud, agent, target, { scope: 'openid email' });
    expect(pathOf(more.answer)).toBe('/consent');
  });
});

describe('forged and stale state', () => {
  it.each(['/sign-in', '/sign-up', '/recover', '/consent'])(
    'at %s is a page with a way on',
    async (path) => {
      for (const sealed of ['nonsense', 'a.b.c.d.e', 'x'.repeat(5000)]) {
        const answer = await signedIn.agent.get(`${path}?request=${sealed}`);
        expect(answer.status).toBe(400);
        expect(answer.body).toContain('page has expired');
        expect(answer.document.querySelector('a.button')).not.toBeNull();
      }
    },
  );

  it.each(['/verify', '/recover/reset'])('at %s is a page with a way on', async (path) => {
    for (const query of ['', '?state=nonsense', '?token=nonsense', '?token=a.b.c.d.e']) {
      const answer = await signedIn.agent.get(`${path}${query}`);
      expect(answer.status).toBe(400);
      expect(answer.document.querySelector('a.button')).not.toBeNull();
    }
  });

  it('does not let a request sealed yesterday sign in today', async () => {
    const agent = createAgent(cloud.issuer);
    const { answer } = await authorize(cloud, agent, app);
    await cloud.advance(86_401);
    expect((await agent.get(answer.url)).status).toBe(400);
  });

  it('ignores session cookies that are not ours', async () => {
    const agent = createAgent(cloud.issuer);
    for (const cookie of ['nonsense', 'a.b.c.d.e', '']) {
      agent.cookies.set('session', cookie);
      expect(pathOf((await authorize(cloud, agent, app)).answer)).toBe('/sign-in');
    }
  });
});

describe('forged forms', () => {
  it('are refused from another site, whatever they hold', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-in');
    const fields = { email: 'a@example.com', password: 'whatever it is' };
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const answer = await agent.submit(page, '/sign-in', fields, { headers });
      expect(answer.status).toBe(403);
    }
  });

  it('are refused without the token, with another one, and with another browser’s', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-in');
    const fields = { email: 'a@example.com', password: 'whatever it is' };
    const other = createAgent(cloud.issuer);
    const others = await other.get('/sign-in');
    const stolen = others.document.querySelector('input[name=form]')?.getAttribute('value') ?? '';
    for (const form of ['', 'a.b.c.d.e', stolen]) {
      const answer = await agent.submit(page, '/sign-in', { ...fields, form });
      expect(answer.status).toBe(403);
      expect(answer.body).toContain('did not come from this browser');
    }
    agent.cookies.clear();
    expect((await agent.submit(page, '/sign-in', fields)).status).toBe(403);
  });

  it('do not pass for a sign-in that was left open overnight', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-in');
    await cloud.advance(86_401);
    const fields = { email: 'a@example.com', password: 'whatever it is' };
    expect(alertOf(await agent.submit(page, '/sign-in', fields))).toBe('');
    expect((await agent.submit(page, '/sign-in', fields)).status).toBe(403);
  });
});

function registerThirdParty(): Promise<App> {
  return registerApp(cloud, { metadata: { domicile_first_party: false } });
}
