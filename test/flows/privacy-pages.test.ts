/** The portal's pages about privacy, as a browser without script stands before them. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, type Answer, createAgent } from '../harness/agent.ts';
import { refresh, registerApp, requireText } from '../harness/apps.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { obtainTokens, type Person, readLink, signIn } from '../harness/journeys.ts';
import { plantSignedIn } from '../harness/planted-sign-in.ts';
import { pathOf } from './answers.ts';
import { answerAll } from './exports.ts';

const PAGE = '/account/privacy';
const GPC = { headers: { 'sec-gpc': '1' } };

let cloud: TestCloud;
let agent: Agent;
let person: Person;

beforeAll(async () => {
  cloud = await startTestCloud();
  ({ agent, person } = await plantSignedIn(cloud));
});
afterAll(() => cloud?.close());

const open = () => agent.get(PAGE);

function textOf(page: Answer, selector: string): string {
  return page.document.querySelector(selector)?.text.replaceAll(/\s+/g, ' ').trim() ?? '';
}

/** The part of the page about one purpose, by its title. */
function purposeOf(page: Answer, title: string) {
  const item = page.document
    .querySelectorAll('#purposes li')
    .find((one) => one.querySelector('h3')?.text.trim() === title);
  const buttons = item?.querySelectorAll('button').map((one) => one.getAttribute('value')) ?? [];
  return { state: item?.querySelector('.tag')?.text ?? '', buttons };
}

async function answer(value: string, fields: Readonly<Record<string, string>> = {}) {
  return agent.submit(await open(), `${PAGE}/consents`, { answer: value, ...fields });
}

describe('the privacy page', () => {
  test('leads a stranger to sign-in, and back to itself', async () => {
    const stranger = createAgent(cloud.issuer);
    const asked = await stranger.get(PAGE);
    expect(pathOf(asked)).toBe('/sign-in');
    expect(pathOf(await signIn(stranger, asked, person))).toBe(PAGE);
  });

  test('is found from the account', async () => {
    const account = await agent.get('/account');
    expect(account.document.querySelector(`a[href="${PAGE}"]`)).not.toBeNull();
  });

  test('has an answer for nobody, and offers yes and no alike', async () => {
    const page = await open();
    const { state, buttons } = purposeOf(page, 'News about our products');
    expect(state).toBe('Not answered yet');
    expect(buttons).toEqual(['granted product-news', 'withdrawn product-news']);
    const classes = page.document.querySelectorAll('#purposes button').map((one) => one.classNames);
    expect(new Set(classes).size).toBe(1);
    expect(page.document.querySelectorAll('input[checked]')).toEqual([]);
  });

  test('takes a yes, says since when, and takes it back by one button', async () => {
    const agreed = await answer('granted product-news');
    expect(pathOf(agreed)).toBe(PAGE);
    expect(textOf(agreed, '#purposes [role=status]')).toContain('Saved');
    expect(purposeOf(agreed, 'News about our products')).toEqual({
      state: 'You agreed',
      buttons: ['withdrawn product-news'],
    });
    expect(purposeOf(await answer('withdrawn product-news'), 'News about our products')).toEqual({
      state: 'You do not agree',
      buttons: ['granted product-news'],
    });
  });

  test('lets people object where nobody asks for consent, and take that back', async () => {
    const title = 'Making our products better';
    expect(purposeOf(await open(), title).buttons).toEqual(['objected product-improvement']);
    const objected = await answer('objected product-improvement');
    expect(purposeOf(objected, title)).toEqual({
      state: 'You objected',
      buttons: ['granted product-improvement'],
    });
    expect(purposeOf(await answer('granted product-improvement'), title).state).toBe('In use');
  });

  test('accepts no yes to words that are not in force, and shows those that are', async () => {
    const proof = 'en AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 2020-01';
    const page = await answer('granted product-news', { 'shown-product-news': proof });
    expect(page.status).toBe(409);
    expect(textOf(page, '#purposes [role=alert]')).toContain('Nothing was saved');
    expect(purposeOf(page, 'News about our products').state).toBe('You do not agree');
  });

  test.each([
    ['consents', { answer: 'maybe product-news' }],
    ['consents', { answer: 'granted nothing-known' }],
    ['do-not-sell', { on: 'perhaps' }],
    ['apps/remove', { app: '../..' }],
  ])('refuses what no form of it says: %s %o', async (form, fields) => {
    const seal = (await open()).document.querySelector('input[name=form]');
    const sealed = { form: seal?.getAttribute('value') ?? '', ...fields };
    const page = await agent.post(`${PAGE}/${form}`, sealed);
    expect([400, 404]).toContain(page.status);
  });

  test('takes no form from another browser', async () => {
    const other = createAgent(cloud.issuer);
    await other.get('/sign-in');
    const forged = await other.submit(await open(), `${PAGE}/consents`, { answer: 'x y' });
    expect(forged.status).toBe(403);
  });

  test('keeps which topics are wanted on which channel, and forgets those unticked', async () => {
    const some = { 'topic.offers.email': 'on', 'topic.tips.push': 'on' };
    const saved = await agent.submit(await open(), `${PAGE}/preferences`, some);
    const ticked = (page: Answer) =>
      page.document
        .querySelectorAll('#topics input[checked]')
        .map((one) => one.getAttribute('name'));
    expect(ticked(saved)).toEqual(['topic.offers.email', 'topic.tips.push']);
    expect(textOf(saved, '#topics [role=status]')).toContain('Saved');
  });

  test('switches "do not sell or share" on and off', async () => {
    const on = await agent.submit(await open(), `${PAGE}/do-not-sell`, { on: 'yes' });
    expect(textOf(on, '#do-not-sell')).toContain('Switched on since');
    expect(purposeOf(on, 'Advertising that fits you').buttons).toEqual([
      'withdrawn personalised-advertising',
    ]);
    const off = await agent.submit(on, `${PAGE}/do-not-sell`, { on: 'no' });
    expect(textOf(off, '#do-not-sell')).not.toContain('Switched on since');
  });

  test('honours the browser’s own signal, says so, and offers no switch against it', async () => {
    const signalling = await plantSignedIn(cloud);
    const page = await signalling.agent.get(PAGE, GPC);
    expect(textOf(page, '#do-not-sell')).toContain('Global Privacy Control');
    expect(page.document.querySelector('#do-not-sell button')).toBeNull();
  });
});

describe('consent that takes a certain age', () => {
  const AGREE = 'granted personalised-advertising';
  const TITLE = 'Advertising that fits you';

  test('asks for a date of birth and a country, once, and says what is wrong with them', async () => {
    const asked = await answer(AGREE);
    expect(asked.document.querySelector('input[type=date][name=birthdate]')).not.toBeNull();
    let again = asked;
    for (const [birthdate, country] of [
      ['', ''],
      ['2999-02-30', 'QQ'],
    ] as const) {
      again = await agent.submit(again, `${PAGE}/consents`, { birthdate, country });
      expect(again.status).toBe(400);
      expect(again.document.querySelector('#birthdate-error.wrong')).not.toBeNull();
      expect(again.document.querySelectorAll('.wrong')).toHaveLength(2);
    }
    const told = { birthdate: '1990-05-17', country: 'DE' };
    const agreed = await agent.submit(again, `${PAGE}/consents`, told);
    expect(purposeOf(agreed, TITLE).state).toBe('You agreed');
    await answer('withdrawn personalised-advertising');
    expect(purposeOf(await answer(AGREE), TITLE).state).toBe('You agreed');
  });

  test('waits for the parents of whoever is too young, where its country says from when on', async () => {
    const { agent: young } = await plantSignedIn(cloud);
    const page = await young.submit(await young.get(PAGE), `${PAGE}/consents`, { answer: AGREE });
    const told = { birthdate: '2014-05-17', country: 'FR' };
    const waiting = await young.submit(page, `${PAGE}/consents`, told);
    expect(textOf(waiting, '#purposes [role=status]')).toContain('once a parent has agreed');
    expect(textOf(waiting, '#purposes')).toContain('We ask a parent of yours.');
    expect(purposeOf(waiting, TITLE)).toEqual({
      state: 'Waiting for your parents’ answer',
      buttons: [AGREE, 'withdrawn personalised-advertising'],
    });
  });
});

describe('apps with access', () => {
  test('are named, with what they may do, and lose it at once when removed', async () => {
    const app = await registerApp(cloud, { scope: 'openid email offline_access' });
    const tokens = await obtainTokens(cloud, agent, app);
    const page = await open();
    expect(textOf(page, '#apps')).toContain('see your e-mail address');
    expect(textOf(page, '#apps .tag')).toBe('In use');
    const removed = await agent.submit(page, `${PAGE}/apps/remove`, { app: app.clientId });
    expect(textOf(removed, '#apps [role=status]')).toContain('no access');
    expect(textOf(removed, '#apps')).toContain('There are none');
    expect((await refresh(cloud, app, requireText(tokens, 'refresh_token'))).status).toBe(400);
  });

  test('go by their id when they were deleted since', async () => {
    const app = await registerApp(cloud);
    await obtainTokens(cloud, agent, app);
    const admin = cloud.cloud.infrastructure.functions.requireByName('domicile-admin');
    const input = { client_id: app.clientId };
    await admin.invoke(JSON.stringify({ operation: 'client.delete', input }));
    expect(textOf(await open(), '#apps h3')).toContain(app.clientId);
    await agent.submit(await open(), `${PAGE}/apps/remove`, { app: app.clientId });
  });
});

describe('the history', () => {
  const HISTORY = `${PAGE}/history`;
  const CHOICES = `${HISTORY}?show=choices`;
  /** Each line's title, and what stands below it, without the time. */
  const linesOf = (page: Answer) =>
    page.document.querySelectorAll('main li').map((one) => {
      const [title = '', below = ''] = ['h3', '.small'].map(
        (part) => one.querySelector(part)?.text,
      );
      return `${title}: ${below.replace(/\d+ \w+ \d{4}, .*$/s, '')}`.replaceAll(/\s+/g, ' ').trim();
    });

  /** Where "older entries" leads to. */
  function olderThan(page: Answer): string {
    const link = page.document.querySelector('main a[href*="cursor="]')?.getAttribute('href');
    return (link ?? '').replaceAll('&amp;', '&');
  }

  test('is empty for whoever chose nothing, and tells when they came', async () => {
    const { agent: fresh } = await plantSignedIn(cloud);
    expect((await fresh.get(CHOICES)).body).toContain('Nothing yet. Whatever you choose');
    await cloud.deliverStreams();
    expect(linesOf(await fresh.get(HISTORY)).toSorted()).toEqual([
      'Account created: From the network 127.0.0.0/24',
      'Signed in: From the network 127.0.0.0/24',
    ]);
  });

  test('tells in plain words what happened, each once, in the order of time', async () => {
    const { agent: ada } = await plantSignedIn(cloud);
    const app = await registerApp(cloud, { scope: 'openid privacy' });
    await obtainTokens(cloud, ada, app);
    const send = async (form: string, fields: Readonly<Record<string, string>>, on = PAGE) => {
      await cloud.advance(1);
      return ada.submit(await ada.get(on), `${PAGE}/${form}`, fields);
    };
    await send('consents', { answer: 'granted product-news' });
    await send('preferences', { 'topic.tips.email': 'on' });
    await send('do-not-sell', { on: 'yes' });
    await send('apps/remove', { app: app.clientId });
    await send('export', {}, `${PAGE}/export`);
    await cloud.deliverStreams();
    const own = 'From the network 127.0.0.0/24';
    const lines = linesOf(await ada.get(HISTORY));
    // Of one second, what came first is not on record.
    const told = [...lines.slice(0, 2), ...lines.slice(2, 4).toSorted(), ...lines.slice(4, 7)];
    expect([...told, ...lines.slice(7).toSorted()]).toEqual([
      'A copy of your data: Asked for',
      `A copy of your data was asked for: ${own}`,
      `Access of an app ended: A shop, f${own.slice(1)}`,
      `Access of an app removed: A shop, f${own.slice(1)}`,
      'Do not sell or share my personal information: You switched on “do not sell or share”, on our pages',
      `You changed what you want to hear about: ${own}`,
      'News about our products: You agreed, on our pages',
      `Account created: ${own}`,
      `Signed in to an app: A shop, f${own.slice(1)}`,
      `Signed in: ${own}`,
    ]);
    const german = await ada.get(`${HISTORY}?language=de`);
    expect(german.document.querySelectorAll('h3').map(({ text }) => text)).toContain('Angemeldet');
    expect(textOf(german, 'main')).toContain('Aus dem Netz 127.0.0.0/24');
  });

  test('tells every answer, newest first, and leads to older ones', async () => {
    const { agent: busy } = await plantSignedIn(cloud);
    const page = await busy.get(PAGE);
    for (let turn = 0; turn < 52; turn += 1) {
      await cloud.advance(1);
      const fields = { answer: `${turn % 2 === 0 ? 'granted' : 'withdrawn'} product-news` };
      await busy.submit(page, `${PAGE}/consents`, fields, { follow: false });
    }
    await cloud.deliverStreams();
    const words = 'News about our products: You did not agree, or no longer, on our pages';
    for (const [list, rest] of [
      [CHOICES, 2],
      [HISTORY, 4],
    ] as const) {
      const first = await busy.get(list);
      expect(linesOf(first)).toHaveLength(50);
      expect(linesOf(first)[0]).toContain(words);
      const second = await busy.get(olderThan(first));
      expect(linesOf(second)).toHaveLength(rest);
      expect(olderThan(second)).toBe('');
      expect((await agent.get(olderThan(first))).status).toBe(400);
    }
    const other = olderThan(await busy.get(CHOICES)).replace('show=choices&', '');
    expect((await busy.get(other)).status).toBe(400);
  });

  test('has a receipt of each answer: to read, and as a file that is signed', async () => {
    const history = await agent.get(`${PAGE}/history`);
    const link =
      history.document.querySelector('a[href*="/receipts/"]')?.getAttribute('href') ?? '';
    const receipt = await agent.get(link);
    expect(textOf(receipt, 'dl')).toContain('We share with partners');
    const file = await agent.get(`${link}/file`);
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\w.-]+\.jwt"$/,
    );
    expect(decodeProtectedHeader(file.body).typ).toBe('consent-receipt+jwt');
    expect(decodeJwt(file.body).iss).toBe(cloud.issuer);
    const { agent: other } = await plantSignedIn(cloud);
    expect((await other.get(link)).status).toBe(404);
    expect((await other.get(`${link}/file`)).status).toBe(404);
  });
});

describe('a copy of one’s own data', () => {
  test('is asked for, collected, ready, and three a day at most', async () => {
    const { agent: asking } = await plantSignedIn(cloud);
    const ask = async () => asking.submit(await asking.get(`${PAGE}/export`), `${PAGE}/export`, {});
    expect(textOf(await ask(), '[role=status]')).toMatch(/Step 1 of 3: .*\d+ entries so far/);
    await cloud.advance(3);
    const waiting = await asking.get(`${PAGE}/export`);
    expect(textOf(waiting, '[role=status]')).toMatch(
      /Step 2 of 3: .*1 service .* We wait until \d+ \w+ \d{4} at /,
    );
    expect(textOf(await asking.get(PAGE), '#data')).toContain('Waiting for services');
    await finishExport();
    const ready = await asking.get(`${PAGE}/export`);
    expect(ready.document.querySelector(`a[href^="${PAGE}/export/"]`)).not.toBeNull();
    expect(textOf(await asking.get(PAGE), '#data')).toContain('Ready to be downloaded');
    expect((await asking.get(`${PAGE}/history`)).body).toContain('Ready since');
    for (let turn = 0; turn < 2; turn += 1) {
      await cloud.advance(1);
      await ask();
      await finishExport();
    }
    const tooMany = await ask();
    expect(tooMany.status).toBe(429);
    expect(textOf(tooMany, '[role=alert]')).toMatch(/Three copies a day.* UTC/);
  });

  /** Its processors answer, and the files are written. */
  async function finishExport(): Promise<void> {
    const [newest] = cloud.executions('domicile-export');
    await cloud.advance(3);
    await answerAll(cloud, newest?.name ?? '');
  }
});

describe('the end of an account', () => {
  test('takes the password, tries of which are counted', async () => {
    const leaving = await plantSignedIn(cloud);
    const page = await leaving.agent.get(`${PAGE}/delete`);
    const without = await leaving.agent.submit(page, `${PAGE}/delete`, { password: '' });
    expect(without.status).toBe(400);
    const password = 'not my password';
    for (let tries = 0; tries < 10; tries += 1) {
      const wrong = await leaving.agent.submit(page, `${PAGE}/delete`, { password });
      if (wrong.status === 429) break;
      expect(wrong.status).toBe(400);
    }
    const locked = await leaving.agent.submit(page, `${PAGE}/delete`, {
      password: leaving.person.password,
    });
    expect(locked.status).toBe(429);
    expect(pathOf(await leaving.agent.get('/account'))).toBe('/account');
  });

  test('signs out, says when, and is undone by the mail’s link', async () => {
    const leaving = await plantSignedIn(cloud);
    const page = await leaving.agent.get(`${PAGE}/delete`);
    expect(page.body).toContain('Analytics House');
    expect(textOf(page, '.lede')).toMatch(/deleted from .* on, within some hours/);
    const left = await leaving.agent.submit(page, `${PAGE}/delete`, {
      password: leaving.person.password,
    });
    expect(textOf(left, 'h1')).toBe('You are signed out');
    expect(textOf(left, 'main')).toMatch(/will be deleted from .* on, within some hours/);
    expect(textOf(left, 'main')).toContain('or by signing in, you can keep it');
    expect(pathOf(await leaving.agent.get(PAGE))).toBe('/sign-in');
    const link = await readLink(cloud, leaving.person.email, '/keep-account');
    const kept = await leaving.agent.submit(await leaving.agent.get(link), '/keep-account');
    expect(kept.status).toBe(200);
    const back = createAgent(cloud.issuer);
    expect(pathOf(await signIn(back, await back.get(PAGE), leaving.person))).toBe(PAGE);
    expect((await back.get(`${PAGE}/history`)).body).toContain('Called off');
  });
});
