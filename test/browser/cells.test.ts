/** Somebody at home in one region who enters through another, in Chromium. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantResident, requireUrl } from '../flows/residents.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import type { Person } from '../harness/journeys.ts';
import { fill, findViolations, follow, openTab, pathOf, press, type Tab } from './tabs.ts';

let cloud: TestCloud;
let browser: Browser;
let person: Person;

/** Longer than any refresh token lives by default. */
const YEAR_SECONDS = 31_536_000;

beforeAll(async () => {
  const cells = ['eu', 'us', 'ap'];
  [cloud, browser] = await Promise.all([startTestCloud({ cells, demo: true }), launchChromium()]);
  ({ person } = await plantResident(cloud, 'eu'));
  cloud.setEntry('us');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

function appUrl(role: 'demo-shop' | 'demo-club'): string {
  const app = cloud.cloud.demos.apps.find((candidate) => candidate.role === role);
  if (app === undefined) throw new Error(`${role} does not run`);
  return `${app.url}/`;
}

async function startSignIn(page: Page, role: 'demo-shop' | 'demo-club'): Promise<void> {
  await page.goto(appUrl(role));
  const loaded = page.waitForEvent('load');
  await page.click('header a.button');
  await loaded;
}

async function signInToShop(page: Page): Promise<void> {
  await startSignIn(page, 'demo-shop');
  await fill(page, 'E-mail address', person.email);
  await press(page, 'Continue');
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
  await page.waitForURL(appUrl('demo-shop'));
}

async function expectSound({ page, complaints }: Tab): Promise<void> {
  expect(await findViolations(page), pathOf(page)).toEqual([]);
  expect(complaints, pathOf(page)).toEqual([]);
}

function originOf(page: Page): string {
  return new URL(page.url()).origin;
}

describe.each(['light', 'dark'] as const)('in %s, at home in eu, entering through us', (scheme) => {
  test('signs in at home, returns to the app, and is known to the next', async () => {
    const tab = await openTab(browser, { colorScheme: scheme });
    const { page } = tab;
    await startSignIn(page, 'demo-shop');
    expect(originOf(page)).toBe(requireUrl(cloud, 'us'));
    await expectSound(tab);
    await fill(page, 'E-mail address', person.email);
    await press(page, 'Continue');
    expect(originOf(page)).toBe(requireUrl(cloud, 'eu'));
    expect(await page.inputValue('#email')).toBe(person.email);
    // Browsers move the focus once the page is laid out, not at once.
    await page.locator('#password:focus').waitFor();
    await expectSound(tab);
    await fill(page, 'Password', person.password);
    await press(page, 'Sign in');
    await page.waitForURL(appUrl('demo-shop'));
    expect(await page.textContent('.name')).toBe(person.email);

    await startSignIn(page, 'demo-club');
    await page.waitForURL((url) => !Object.values(cloud.cellUrls).includes(url.origin));
    expect(originOf(page)).not.toBe(requireUrl(cloud, 'us'));
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test('on a phone, in German: somebody else’s turn, a mistake, the language kept', async () => {
    const viewport = { width: 360, height: 740 };
    const tab = await openTab(browser, { colorScheme: scheme, viewport, locale: 'de-DE' });
    const { page } = tab;
    await page.goto(`${requireUrl(cloud, 'eu')}/sign-in?at=eu`);
    await follow(page, 'Anderes Konto verwenden');
    await fill(page, 'E-Mail-Adresse', 'niemand');
    await press(page, 'Weiter');
    expect(await page.getByRole('alert').count()).toBe(1);
    tab.complaints.length = 0;
    await expectSound(tab);
    await follow(page, 'English');
    expect(await page.locator('input[type=password]').count()).toBe(0);
    await fill(page, 'E-mail address', person.email);
    await press(page, 'Continue');
    expect(await page.textContent('h1')).toBe('Sign in');
    expect(await page.locator('input[type=password]').count()).toBe(1);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    await tab.close();
  });
});

test('signs out of the shop at home too, without script: the next sign-in asks again', async () => {
  const tab = await openTab(browser, { javaScriptEnabled: false });
  const { page } = tab;
  await signInToShop(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  expect(page.url()).toBe(appUrl('demo-shop'));
  await startSignIn(page, 'demo-shop');
  expect([originOf(page), pathOf(page)]).toEqual([requireUrl(cloud, 'eu'), '/sign-in']);
  expect(await page.locator('input[type=password]').count()).toBe(1);
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

test('the shop says that access has ended only when it has', async () => {
  const tab = await openTab(browser);
  const { page } = tab;
  await signInToShop(page);
  await cloud.setCell('eu', 'down');
  await cloud.advance(16);
  await press(page, 'Refresh tokens');
  expect(await page.getByRole('status').textContent()).toContain('did not work just now');
  await cloud.setCell('eu', 'up');
  await cloud.advance(16);
  await press(page, 'Refresh tokens');
  expect(await page.getByRole('status').textContent()).toContain('are new');
  await cloud.advance(YEAR_SECONDS);
  await press(page, 'Refresh tokens');
  expect(await page.getByRole('status').textContent()).toContain('Your access has ended');
  expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBeGreaterThan(0);
  expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  await tab.close();
});

test('a region that is down: plain words, and the way on works once it is back', async () => {
  const tab = await openTab(browser);
  const { page } = tab;
  await cloud.setCell('eu', 'down');
  await cloud.advance(16);
  await startSignIn(page, 'demo-shop');
  await fill(page, 'E-mail address', person.email);
  await press(page, 'Continue');
  expect(originOf(page)).toBe(requireUrl(cloud, 'us'));
  expect(await findViolations(page)).toEqual([]);
  await cloud.setCell('eu', 'up');
  await cloud.advance(16);
  await follow(page, 'Try again');
  expect(await page.inputValue('#email')).toBe(person.email);
  await press(page, 'Continue');
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
  await page.waitForURL(appUrl('demo-shop'));
  await tab.close();
});
