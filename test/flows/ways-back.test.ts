/** Nobody is left standing: whatever goes wrong, the page says what it was and leads on. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT_ROUTES } from '../../lib/constructs/account-surface.ts';
import { INTERACTION_ROUTES } from '../../lib/constructs/interaction-routes.ts';
import { PRIVACY_ROUTES } from '../../lib/constructs/privacy-surface.ts';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { FORMS, type Standing } from '../harness/forms.ts';
import { alertOf, pathOf } from './answers.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.clearFaults());
afterAll(() => cloud?.close());

/** By app or by form of another site, never by ours: it goes on as GET. */
const NOT_OURS = ['/oauth2/authorize'];

/** Where the home has to be found or chosen: with one cell there are no such pages. */
const OF_SEVERAL_CELLS = ['/sign-in/identifier', '/sign-up/region'];

/** Asked only of those who agreed to words that have changed: test/flows/consents-pages has it. */
const OF_CHANGED_WORDS = ['/renew-consents'];

/** Shown again by its own page, as long as that can be read. */
const SHOWN_AGAIN = FORMS.filter(
  ({ action }) => !/^\/(consent$|account\/(s|privacy))/.test(action),
);

const OUTAGE = { service: '*', operation: '*', kind: 'error', times: 1000 } as const;

/** Every link of a page that stays with us. */
async function followLinks(agent: Agent, page: Answer): Promise<ReadonlyArray<Answer>> {
  const urls = page.document
    .querySelectorAll('a')
    .map((link) => new URL(link.getAttribute('href') ?? '', page.url))
    .filter(({ origin }) => origin === new URL(cloud.issuer).origin);
  expect(urls.length).toBeGreaterThan(0);
  const answers: Array<Answer> = [];
  for (const url of urls) answers.push(await agent.get(url));
  return answers;
}

async function expectWaysOn(agent: Agent, page: Answer): Promise<void> {
  for (const { url, status, document } of await followLinks(agent, page)) {
    expect([404, 500, 503], url).not.toContain(status);
    expect(document.querySelector('h1'), url).not.toBeNull();
  }
}

function titleOf({ document }: Answer): string {
  return document.querySelector('h1')?.text ?? '';
}

function textOf({ document }: Answer): string {
  return document.querySelector('.lede')?.text ?? '';
}

it('every form that can be posted is tried below', () => {
  const posts = [...INTERACTION_ROUTES, ...ACCOUNT_ROUTES, ...PRIVACY_ROUTES]
    .filter((key) => key.startsWith('POST ') && !key.startsWith('POST /v1/'))
    .map((key) => key.slice('POST '.length));
  const tried = FORMS.map(({ action }) => action);
  const elsewhere = [...NOT_OURS, ...OF_SEVERAL_CELLS, ...OF_CHANGED_WORDS];
  expect([...tried, ...elsewhere].sort()).toEqual(posts.sort());
});

describe.each(FORMS)('the form $action', ({ action, stand, fields = {} }) => {
  /** One for all three: what is not let through, or is no form, changes nothing. */
  let standing: Standing;
  beforeAll(async () => {
    standing = await stand(cloud);
  });

  it('that AWS does not let through leads back', async () => {
    const { agent, page } = standing;
    cloud.fault(OUTAGE);
    const answer = await agent.submit(page, action, fields);
    cloud.clearFaults();
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.body).toContain('please try again in a moment');
    await expectWaysOn(agent, answer);
  });

  it.each([
    ['is no form', 415, { a: 'b' }, { 'content-type': 'application/json' }],
    ['is far too long', 413, { a: 'x'.repeat(70_000) }, {}],
  ] as const)('that %s leads back', async (_, status, body, headers) => {
    const { agent } = standing;
    const answer = await agent.post(action, body, { headers });
    expect(answer.status).toBe(status);
    await expectWaysOn(agent, answer);
  });
});

describe.each(SHOWN_AGAIN)('the form $action', ({ action, stand, fields = {} }) => {
  it('is shown again while AWS is out of reach, and works afterwards', async () => {
    const { agent, page } = await stand(cloud);
    // Writes and mails alone: a page that needs to be read first cannot be shown without.
    for (const operation of ['UpdateItem', 'TransactWriteItems', 'DeleteItem', 'SendEmail']) {
      cloud.fault({ ...OUTAGE, operation });
    }
    const answer = await agent.submit(page, action, fields);
    cloud.clearFaults();
    expect(answer.status).toBe(503);
    expect(alertOf(answer)).toContain('please try again in a moment');
    expect((await agent.submit(answer, action, fields)).status).not.toBe(503);
  });
});

describe('what cannot be read says why', () => {
  const FORM = 'application/x-www-form-urlencoded';

  it.each([
    ['a repeated field', 400, 'email=a&email=b', FORM, 'cannot read'],
    ['too many fields', 400, 'a=b&'.repeat(101), FORM, 'cannot read'],
    ['bytes that are no text', 400, Buffer.from([0x61, 0x3d, 0xff]), FORM, 'cannot read'],
    ['more than 64 kB', 413, `a=${'x'.repeat(66_000)}`, FORM, 'longer than we can accept'],
    ['JSON', 415, '{}', 'application/json', 'not one of our forms'],
    ['a form of nobody', 403, 'a=b', FORM, 'did not come from this browser'],
  ])('%s', async (_, status, body, contentType, words) => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/sign-in');
    const form = page.document.querySelector('input[name=form]')?.getAttribute('value') ?? '';
    const own = typeof body === 'string' && status === 400 ? `form=${form}&${body}` : body;
    const response = await fetch(`${cloud.issuer}/sign-in`, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        cookie: `browser=${agent.cookies.get('browser') ?? ''}`,
      },
      body: own,
    });
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text).toContain(words);
    expect(text).toContain('href="/sign-in"');
  });
});

describe('an address that nothing has', () => {
  it('is a page in the reader’s language that leads on', async () => {
    const agent = createAgent(cloud.issuer);
    const page = await agent.get('/no/where?at=all', { headers: { 'accept-language': 'de' } });
    expect([page.status, titleOf(page)]).toEqual([404, 'Seite nicht gefunden']);
    const english = await agent.get('/nowhere');
    expect(textOf(english)).toBe('There is nothing at this address.');
    const [onward] = await followLinks(agent, english);
    expect(onward && pathOf(onward)).toBe('/sign-in');
  });

  it('is a problem for programs (RFC 9457)', async () => {
    const response = await fetch(`${cloud.issuer}/nowhere`, {
      headers: { accept: 'application/json' },
    });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 404 });
  });

  it('takes no place of a route that is there for another method', async () => {
    const response = await fetch(`${cloud.issuer}/oauth2/token`);
    expect(response.status).toBe(404);
  });
});
