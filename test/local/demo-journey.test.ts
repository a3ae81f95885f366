import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectGoodLooks, openConsole } from '../browser/console-views.ts';
import { findViolations, openTab } from '../browser/tabs.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

const EMAIL = 'ada@example.com';
const VIEWS = [
  'overview',
  'cells',
  'inbox',
  'calls',
  'tables',
  'buckets',
  'logs',
  'keys',
  'executions',
  'events',
  'grants',
  'controls',
];

let cloud: TestCloud;
let browser: Browser;
let page: Page;
/** What the browser complained about: violations of a page's own policy, failed scripts. */
let complaints: Array<string>;

beforeAll(async () => {
  [cloud, browser] = await Promise.all([startTestCloud({ demo: true }), launchChromium()]);
  ({ page, complaints } = await openTab(browser));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

function appUrl(role: 'demo-shop' | 'demo-club'): string {
  const app = cloud.cloud.demos.apps.find((candidate) => candidate.role === role);
  if (app === undefined) throw new Error(`${role} does not run`);
  return `${app.url}/`;
}

describe('the demo shop', () => {
  it('signs a customer up through the inbox and shows who is signed in', async () => {
    await page.goto(appUrl('demo-shop'));
    await page.click('header a.button');
    await page.click('a[href*="/sign-up"]');
    await page.fill('input[type=email]', EMAIL);
    await page.fill('input[type=password]', 'wide lantern harbour 42');
    for (const box of await page.$$('input[type=checkbox]')) await box.check();
    await page.click('main form button');
    const [code = ''] = cloud.requireMail(EMAIL).codes;
    await page.fill('input[autocomplete="one-time-code"]', code);
    await page.click('main form button');
    await page.waitForURL(appUrl('demo-shop'));
    expect(await page.textContent('.name')).toBe(EMAIL);
    expect(await page.textContent('main')).toContain('"alg": "RS256"');
  });

  it.each([360, 320])('keeps its margin on a phone %i px wide', async (width) => {
    const before = page.viewportSize();
    await page.setViewportSize({ width, height: 740 });
    const right = await page.evaluate(
      `document.querySelector('header button').getBoundingClientRect().right`,
    );
    expect(right).toBeLessThanOrEqual(width - 20);
    if (before !== null) await page.setViewportSize(before);
  });

  it('refreshes its tokens', async () => {
    const before = await page.textContent('[aria-label="Access token, claims"]');
    await page.click('form[action="/refresh"] button');
    await page.waitForURL(appUrl('demo-shop'));
    expect(await page.textContent('[aria-label="Access token, claims"]')).not.toBe(before);
  });

  it('shares its session with the club, which asks for nothing', async () => {
    await page.goto(appUrl('demo-club'));
    await page.click('header a.button');
    await page.waitForURL(appUrl('demo-club'));
    expect(await page.textContent('.name')).toBe(EMAIL);
  });

  it('signs out of the issuer too: the next sign-in asks again', async () => {
    await page.goto(appUrl('demo-shop'));
    await page.click('form[action="/sign-out"] button');
    await page.waitForURL(appUrl('demo-shop'));
    await page.click('header a.button');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  it('is accessible, and fits a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(appUrl('demo-shop'));
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
    expect(complaints).toEqual([]);
  });
});

const STATE = { path: '', type: 'Wait', status: 'succeeded', attempts: 1 };
const RUN = {
  machine: 'erasure',
  region: 'eu-central-1',
  status: 'RUNNING',
  startedAt: '2026-11-22T10:00:00Z',
  redrives: 0,
  awaitsAnswers: 0,
  states: [
    ['First', '2026-11-22T10:00:00Z'],
    ['Second', '2026-11-22T10:00:05Z'],
    ['Third', '2026-11-24T10:00:05Z'],
  ].map(([name, enteredAt]) => ({ ...STATE, name, enteredAt })),
};

describe('the console', () => {
  it.each(VIEWS)('shows %s, accessible, in light and dark, narrow and wide', async (view) => {
    await expectGoodLooks(page, cloud.issuer, view);
    expect(complaints).toEqual([]);
  });

  it('shows the mail with its code, framed without scripts', async () => {
    await openConsole(page, cloud.issuer, 'inbox');
    const [code = ''] = cloud.requireMail(EMAIL).codes;
    await page.waitForSelector('.code');
    expect(await page.textContent('.code')).toContain(code);
    expect(await page.getAttribute('iframe', 'sandbox')).not.toContain('allow-scripts');
    await expect
      .poll(() => page.frameLocator('iframe').locator('body').textContent())
      .toContain(code);
  });

  it('shows that personal attributes are ciphertext', async () => {
    await openConsole(page, cloud.issuer, 'tables');
    await page.click('button:has-text("domicile-data-eu")');
    await page.waitForSelector('summary:has-text("ACCOUNT")');
    for (const summary of await page.$$('main summary')) await summary.click();
    const text = await page.textContent('main');
    expect(text).toContain('Sealed');
    expect(text).not.toContain(EMAIL);
  });

  it('goes on showing the run that opened by itself when newer ones begin', async () => {
    const runs = [{ ...RUN, arn: 'older', name: 'older' }];
    await page.route('**/_local/api/executions', (route) => route.fulfill({ json: runs }));
    await openConsole(page, cloud.issuer, 'executions');
    await page.waitForSelector('.run[aria-pressed="true"]');
    runs.unshift({ ...RUN, arn: 'newer', name: 'newer' });
    await page.waitForSelector('.run >> nth=1');
    expect(await page.textContent('.run[aria-pressed="true"] .run-name')).toBe('older');
    const times = await page.locator('.step time').allTextContents();
    // A day goes by before the last one.
    expect(times.map((time) => time.includes('2026'))).toEqual([true, false, true]);
    await page.unroute('**/_local/api/executions');
  });

  it('asks before it resets, and then begins anew', async () => {
    await openConsole(page, cloud.issuer, 'controls');
    await page.click('button:has-text("Reset everything")');
    await page.click('dialog button:has-text("Reset")');
    await expect.poll(() => cloud.inbox()).toEqual([]);
  });

  it('resets for everybody who asks at once, and the apps answer afterwards', async () => {
    const first = cloud.reset();
    // Once it is under way: those who ask then share the next one.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, cloud.reset(), cloud.reset()]);
    for (const role of ['demo-shop', 'demo-club'] as const) {
      expect((await fetch(appUrl(role))).status).toBe(200);
    }
  });

  it('says so when the local cloud does not answer', async () => {
    await page.route('**/_local/api/**', (route) => route.abort());
    await page.goto(`${cloud.issuer}/_local#/logs`);
    await page.waitForSelector('#banner:not([hidden])');
    expect(await page.textContent('#banner')).toContain('does not answer');
  });
});
