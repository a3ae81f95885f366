/** Requests forged by another site (CSRF), against every form that the product has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { FORMS, type Standing } from '../harness/forms.ts';

let cloud: TestCloud;

beforeAll(async () => {
  // Somebody signs up for each form.
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

const stranger = () => createAgent(cloud.issuer);

interface Posting {
  readonly body: Readonly<Record<string, string>>;
  readonly cookies: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
}

/** As Chromium sends our own form from a page of ours. */
const OWN = { origin: 'null', 'sec-fetch-site': 'same-origin' };

const ATTACKS: ReadonlyArray<{
  readonly name: string;
  readonly change: (posting: Posting) => Posting | Promise<Posting>;
  /** 400 where the page itself belongs to a browser, and says so before its form does. */
  readonly refusals?: ReadonlyArray<number>;
}> = [
  {
    name: 'from another site',
    change: (posting) => ({
      ...posting,
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    }),
  },
  {
    name: 'from another site, in a browser that tells the origin alone',
    change: (posting) => ({ ...posting, headers: { origin: 'https://evil.example' } }),
  },
  {
    name: 'from another host of the same site',
    change: (posting) => ({ ...posting, headers: { ...OWN, 'sec-fetch-site': 'same-site' } }),
  },
  {
    name: 'with a token that is empty',
    change: (posting) => ({ ...posting, body: { ...posting.body, form: 'x' } }),
  },
  {
    name: "with the attacker's own token",
    change: async (posting) => {
      const theirs = await stranger().get('/sign-in');
      const form = theirs.document.querySelector('input[name=form]')?.getAttribute('value') ?? '';
      return { ...posting, body: { ...posting.body, form } };
    },
  },
  {
    name: 'in a browser that never saw the form',
    refusals: [403, 400],
    change: ({ cookies, ...posting }) => ({
      ...posting,
      cookies: new Map([...cookies].filter(([name]) => name !== 'browser')),
    }),
  },
];

function preparePosting({ agent, page }: Standing, action: string, fields = {}): Posting {
  const form = page.document
    .querySelectorAll('form')
    .find((candidate) => candidate.getAttribute('action')?.split('?')[0] === action);
  if (form === undefined) throw new Error(`no form ${action} at ${page.url}`);
  const hidden = form
    .querySelectorAll('input[type=hidden]')
    .map((input) => [input.getAttribute('name'), input.getAttribute('value')]);
  return {
    body: { ...Object.fromEntries(hidden), ...fields },
    cookies: new Map(agent.cookies),
    headers: OWN,
  };
}

async function post(action: string, { body, cookies, headers }: Posting): Promise<Response> {
  return await fetch(new URL(action, cloud.issuer), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(body).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
  });
}

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Decrypt'];

const shown = new Set<string>();

describe.each(FORMS)('the form $action', ({ action, stand, fields = {} }) => {
  /** One for all attacks: none of them may change anything. */
  let standing: Standing;

  beforeAll(async () => {
    standing = await stand(cloud);
    // A workflow that was begun on the way must not write while the form is attacked.
    await cloud.advance(1);
    for (const form of standing.page.document.querySelectorAll('form')) {
      shown.add(form.getAttribute('action')?.split('?')[0] ?? '');
    }
  });

  test.each(ATTACKS)(
    'is refused $name, before anything is written',
    async ({ change, refusals = [403] }) => {
      const posting = await change(preparePosting(standing, action, fields));
      const mark = cloud.mark();
      const answer = await post(action, posting);
      expect(refusals).toContain(answer.status);
      expect(answer.headers.getSetCookie().filter((cookie) => /^session=./.test(cookie))).toEqual(
        [],
      );
      const writes = cloud.calls(mark).filter(({ operation }) => !READS.includes(operation));
      expect(writes).toEqual([]);
    },
  );

  test('is accepted as it was shown, whatever others have tried with it', async () => {
    const answer = await post(action, preparePosting(standing, action, fields));
    expect(answer.status).not.toBe(403);
    expect(answer.status).toBeLessThan(500);
  });
});

test('every form of the product is in the list above', () => {
  expect([...shown].sort()).toEqual(FORMS.map(({ action }) => action).sort());
});
