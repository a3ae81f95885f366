import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { ANY_CHARACTER } from '../harness/any-character.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { FORMS, type ProductForm, type Standing } from '../harness/forms.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ parameters: { OneTimeCodeMailsPerHourAndSource: '10000' } });
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
  fc.string({ unit: ANY_CHARACTER, maxLength: 200 }),
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

/** Every page, whatever somebody put into its form (test/pages holds the same for what we show). */
const MAX_PAGE_BYTES = 30_000;

/** One more than the inputs of our pages take. */
const TOO_LONG: Readonly<Record<string, number>> = {
  email: 255,
  password: 1025,
  current: 1025,
  code: 17,
};

const FIELDS = FORMS.flatMap(({ fields = {}, ...form }) =>
  Object.keys(fields)
    .filter((name) => Object.hasOwn(TOO_LONG, name))
    .map((name) => ({ ...form, fields, name, least: TOO_LONG[name] ?? 0 })),
);

const standing = new Map<string, Promise<Standing>>();

/** Refusals change nothing, as each of these tests shows: who stood before a form stands there still. */
function standBefore({ action, stand }: ProductForm): Promise<Standing> {
  const known = standing.get(action) ?? stand(cloud);
  standing.set(action, known);
  return known;
}

describe.each(FIELDS)('the field $name of $action', ({ name, least, fields, ...form }) => {
  it.each([least, 50_000])('is refused with %i characters, and nothing counted', async (length) => {
    const { agent, page } = await standBefore(form);
    const before = await cloud.items('data');
    const long = `${'x'.repeat(length - '@x.example'.length)}@x.example`;
    const answer = await agent.submit(page, form.action, { ...fields, [name]: long });
    expect(answer.status).toBe(413);
    expect(answer.body).not.toContain('xxxxxxxxxx');
    expect(await cloud.items('data')).toEqual(before);
  });
});

const HIDDEN_OR_UNKNOWN = [
  'request',
  'state',
  'token',
  'client_id',
  'session',
  'terms',
  'nonsense',
];

it.each(FORMS)('the answer to $action does not grow with what was sent', async (form) => {
  const { action, stand, fields = {} } = form;
  const { agent, page } = await stand(cloud);
  const inputs = page.document
    .querySelectorAll('input')
    .map(({ attributes }) => attributes['name']);
  for (const name of new Set([...inputs, ...HIDDEN_OR_UNKNOWN])) {
    if (name === undefined) continue;
    const answer = await agent.submit(page, action, { ...fields, [name]: '"<'.repeat(7500) });
    expect(Buffer.byteLength(answer.body), name).toBeLessThan(MAX_PAGE_BYTES);
  }
});

it('counts no attempt for what cannot be an address', async () => {
  const agent = createAgent(cloud.issuer);
  const page = await agent.get('/sign-in');
  const before = await cloud.items('data');
  for (const email of [
    'nobody',
    'a@b',
    `${'x'.repeat(200)}@x.example`,
    'a b@x.example',
    '\0@x.example',
  ]) {
    const answer = await agent.submit(page, '/sign-in', { email, password: 'any password' });
    expect(answer.status, email).toBe(400);
    expect(answer.document.querySelector('#email-error')?.text).toContain('complete address');
  }
  expect(await cloud.items('data')).toEqual(before);
});

function expectNoFault(response: Response, body: string): void {
  expect(response.status).toBeLessThan(500);
  expect(body).not.toMatch(/\bat .+\.[jt]s:\d+/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('cache-control')).toBe('no-store');
}
