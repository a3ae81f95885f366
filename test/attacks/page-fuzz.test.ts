import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

const PAGES = ['/sign-in', '/sign-up', '/verify', '/recover', '/recover/reset', '/consent'];
const GET = [...PAGES, '/', '/account', '/account/password', '/oauth2/authorize', '/oauth2/logout'];
const POST = [
  ...PAGES,
  '/verify/resend',
  '/recover/resend',
  '/oauth2/authorize',
  '/oauth2/logout',
  '/account/password',
  '/account/sessions/revoke',
  '/account/sign-out',
];

/** Names that mean something here, with values that may mean anything. */
const names = fc.constantFrom(
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'prompt', 'max_age'],
  ...['id_token_hint', 'post_logout_redirect_uri', 'ui_locales', 'login_hint', 'response_mode'],
  ...['request', 'token', 'form', 'email', 'password', 'code', 'current', 'session', 'decision'],
);
const jweLike = fc
  .array(fc.base64String({ maxLength: 40 }), { minLength: 3, maxLength: 6 })
  .map((parts) => parts.join('.'));
const values = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('demo-shop', 'demo-club', 'none', 'code', 'openid', 'x'.repeat(9000)),
  jweLike,
);
const parameters = fc.array(fc.tuple(names, values), { maxLength: 8 });
const cookies = fc.array(
  fc.tuple(fc.constantFrom('session', 'browser', 'device'), fc.oneof(jweLike, fc.base64String())),
  { maxLength: 3 },
);
const bodies = fc.oneof(
  parameters.map((fields) => new Uint8Array(Buffer.from(new URLSearchParams(fields).toString()))),
  fc.uint8Array({ maxLength: 400 }),
);
const contentTypes = fc.constantFrom(
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/json',
  'multipart/form-data; boundary=x',
  'nonsense',
);

const RUNS = { numRuns: 150, endOnFailure: true };

it('answers arbitrary queries and cookies with no error of its own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GET), parameters, cookies, async (path, query, jar) => {
      const search = new URLSearchParams(query).toString();
      // Longer request lines are refused before they reach us.
      fc.pre(search.length < 7000);
      const response = await fetch(`${cloud.issuer}${path}?${search}`, {
        redirect: 'manual',
        headers: { cookie: jar.map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      expectNoFault(response, await response.text());
    }),
    RUNS,
  );
});

it('answers arbitrary bodies with no error of its own', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...POST),
      bodies,
      contentTypes,
      cookies,
      async (path, body, contentType, jar) => {
        const response = await fetch(`${cloud.issuer}${path}`, {
          method: 'POST',
          redirect: 'manual',
          body: Buffer.from(body),
          headers: {
            'content-type': contentType,
            cookie: jar.map(([name, value]) => `${name}=${value}`).join('; '),
          },
        });
        expectNoFault(response, await response.text());
      },
    ),
    RUNS,
  );
});

it('writes nothing for anybody who has not proven anything', async () => {
  const before = await cloud.items('data');
  const query = new URLSearchParams({ client_id: 'demo-shop', state: 's' });
  for (const path of GET) await fetch(`${cloud.issuer}${path}?${query}`, { redirect: 'manual' });
  for (const path of POST) await fetch(`${cloud.issuer}${path}`, { method: 'POST' });
  expect(await cloud.items('data')).toEqual(before);
});

function expectNoFault(response: Response, body: string): void {
  expect(response.status).toBeLessThan(500);
  expect(body).not.toMatch(/\bat .+\.[jt]s:\d+/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('cache-control')).toBe('no-store');
}
