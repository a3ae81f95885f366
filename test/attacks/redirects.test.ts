/** Where browsers are sent: redirect URI tricks, open redirects, mix-up, injected codes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import {
  type App,
  attemptAuthorization,
  findCallback,
  redeem,
  registerApp,
  requireText,
} from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { authorize, obtainCode, obtainTokens } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';

const REGISTERED = 'https://shop.example/callback';

let cloud: TestCloud;
let agent: Agent;
let app: App;

beforeAll(async () => {
  cloud = await startTestCloud();
  ({ agent } = await plantSignedIn(cloud));
  const metadata = { redirect_uris: [REGISTERED], post_logout_redirect_uris: [REGISTERED] };
  const registered = await registerApp(cloud, { metadata });
  app = { ...registered, redirectUri: REGISTERED, postLogoutRedirectUri: REGISTERED };
});
afterAll(() => cloud?.close());

/** What attackers make of the registered address. */
const TRICKS: ReadonlyArray<readonly [name: string, trick: (registered: URL) => string]> = [
  ['another host', () => 'https://evil.example/callback'],
  ['a longer path', ({ href }) => `${href}2`],
  ['a path below', ({ href }) => `${href}/below`],
  ['a trailing slash', ({ href }) => `${href}/`],
  ['a shorter path', ({ origin }) => `${origin}/`],
  ['dot segments', ({ href }) => `${href}/../callback`],
  ['encoded dot segments', ({ href }) => `${href}/%2e%2e/callback`],
  ['an encoded letter', ({ origin }) => `${origin}/%63allback`],
  ['another case of the path', ({ origin }) => `${origin}/Callback`],
  ['another case of the scheme', ({ href }) => href.replace('https', 'HTTPS')],
  ['plain http', ({ href }) => href.replace('https', 'http')],
  ['a subdomain', ({ host }) => `https://evil.${host}/callback`],
  ['a longer host', ({ host }) => `https://${host}.evil.example/callback`],
  ['a dot after the host', ({ host }) => `https://${host}./callback`],
  ['user information', ({ host }) => `https://${host}@evil.example/callback`],
  ['user information of the host', ({ host }) => `https://evil.example:x@${host}/callback`],
  ['a backslash', ({ host }) => `https://evil.example\\@${host}/callback`],
  ['a port', ({ host }) => `https://${host}:8443/callback`],
  ['the default port, written out', ({ host }) => `https://${host}:443/callback`],
  ['a fragment', ({ href }) => `${href}#evil`],
  ['an empty fragment', ({ href }) => `${href}#`],
  ['a query', ({ href }) => `${href}?next=https://evil.example`],
  ['a space at the end', ({ href }) => `${href} `],
  ['a line break', ({ href }) => `${href}\r\nLocation: https://evil.example`],
  ['a null', ({ href }) => `${href}\0`],
  ['no scheme', ({ host }) => `//${host}/callback`],
  ['a script', () => 'javascript:alert(1)'],
  ['data', () => 'data:text/html,hello'],
  ['a relative address', () => '/callback'],
];

/** Nothing of the answer leads to the attacker, neither at once nor by a link. */
function expectToStay(answer: Answer): void {
  expect(answer.status).toBe(400);
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.headers.get('refresh')).toBeNull();
  const links = answer.document.querySelectorAll('[href], [action], [src]');
  for (const link of links) {
    const target = ['href', 'action', 'src'].map((name) => link.getAttribute(name)).join('');
    // The same page in another language is asked for by the same query; the mark is data.
    if (target.startsWith('data:image/')) continue;
    expect(new URL(target, answer.url).origin, target).toBe(new URL(cloud.issuer).origin);
  }
}

test.each(TRICKS)('no code goes to a redirect_uri with %s', async (_, trick) => {
  const redirectUri = trick(new URL(app.redirectUri));
  const { answer } = await authorize(cloud, agent, app, { redirect_uri: redirectUri });
  expectToStay(answer);
});

test.each(TRICKS)('no sign-out goes on to %s', async (_, trick) => {
  const { agent: leaving } = await plantSignedIn(cloud);
  const idToken = requireText(await obtainTokens(cloud, leaving, app), 'id_token');
  const query = new URLSearchParams({
    id_token_hint: idToken,
    post_logout_redirect_uri: trick(new URL(REGISTERED)),
  });
  expectToStay(await leaving.get(`/oauth2/logout?${query.toString()}`));
});

test("another client's redirect_uri is as foreign as any", async () => {
  const other = await registerApp(cloud);
  expectToStay((await authorize(cloud, agent, app, { redirect_uri: other.redirectUri })).answer);
});

describe('an answer says whose it is (RFC 9207)', () => {
  test('when it carries a code', async () => {
    expect(findCallback((await authorize(cloud, agent, app)).answer)?.iss).toBe(cloud.issuer);
  });

  test('when it carries an error', async () => {
    const { answer } = await authorize(cloud, agent, app, { scope: 'unknown' });
    expect(findCallback(answer)).toMatchObject({ error: 'invalid_scope', iss: cloud.issuer });
  });
});

describe('a stolen code', () => {
  test('is of no use in the attacker’s own browser session with the app (PKCE)', async () => {
    const { code } = await obtainCode(cloud, agent, app);
    const attackers = attemptAuthorization(cloud, app);
    const { status, json } = await redeem(cloud, attackers, code);
    expect({ status, error: json['error'] }).toEqual({ status: 400, error: 'invalid_grant' });
  });

  test('is of no use to another app', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, app);
    const other = await registerApp(cloud);
    const { json } = await redeem(cloud, { ...attempt, app: other }, code);
    expect(json['error']).toBe('invalid_grant');
  });

  test('is gone after a minute', async () => {
    const { attempt, code } = await obtainCode(cloud, agent, app);
    await cloud.advance(61);
    expect((await redeem(cloud, attempt, code)).json['error']).toBe('invalid_grant');
  });
});

test('no page of ours may be framed, and none tells others where its visitor comes from', async () => {
  for (const path of ['/sign-in', '/sign-up', '/recover', '/account', '/oauth2/logout']) {
    const { headers } = await createAgent(cloud.issuer).get(path);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
