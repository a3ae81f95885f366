/** Apps that know the issuer alone, at home elsewhere, while the keys rotate before the developer's eyes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kidOf, publishedKids } from '../flows/key-verifiers.ts';
import { plantResident, requireUrl } from '../flows/residents.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import type { Person } from '../harness/journeys.ts';
import { openConsole } from './console-views.ts';
import {
  readUser,
  registerSinglePageApp,
  type SinglePageApp,
  serveSinglePageApp,
  untilReady,
} from './single-page-app.ts';
import { fill, findViolations, openTab, pathOf, press, type Tab } from './tabs.ts';

let cloud: TestCloud;
let browser: Browser;
let app: SinglePageApp;
let person: Person;
/** Of the person, who has both apps open in one browser. */
let tab: Tab;
/** Of the developer. */
let console: Tab;

/** How long a container keeps the keys that it read. */
const KNOWN_FOR_SECONDS = 60;

beforeAll(async () => {
  const cells = ['eu', 'us', 'ap'];
  [cloud, browser, app] = await Promise.all([
    startTestCloud({ cells, demo: true }),
    launchChromium(),
    serveSinglePageApp(),
  ]);
  await registerSinglePageApp(cloud, app);
  ({ person } = await plantResident(cloud, 'eu'));
  cloud.setEntry('us');
  [tab, console] = [await openTab(browser), await openTab(browser)];
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await cloud?.close();
});

/** The app renews its tokens without leaving the page; by which key the new ones are signed. */
async function renew(): Promise<string> {
  const { profile } = await readUser(tab.page);
  await tab.page.evaluate('window.manager.signinSilent()');
  const renewed = await readUser(tab.page);
  expect(renewed.profile.sub).toBe(profile.sub);
  return kidOf(renewed.access_token);
}

/** A visit to the shop, whose server checks ID tokens with keys that it has fetched before. */
async function signInToShop(): Promise<void> {
  const shop = cloud.cloud.demos.apps.find(({ role }) => role === 'demo-shop');
  const visit = await openTab(browser);
  const { page } = visit;
  await page.goto(`${shop?.url}/`);
  await page.click('header a.button');
  await page.waitForURL((url) => Object.values(cloud.cellUrls).includes(url.origin));
  await fill(page, 'E-mail address', person.email);
  await press(page, 'Continue');
  await fill(page, 'Password', person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${shop?.url}/`);
  expect(await page.textContent('.name')).toBe(person.email);
  await visit.close();
}

async function openView(view: 'keys' | 'executions'): Promise<Page> {
  await openConsole(console.page, cloud.issuer, view);
  return console.page;
}

const keysIn = (page: Page, state: string) => page.locator(`.key-state.${state}`);

/** By the button beside what is left of the wait, until the workflow has come to that state. */
async function moveClockTo(state: string): Promise<Page> {
  const page = await openView('executions');
  await page.getByRole('button', { name: 'Move the clock there' }).click();
  await page.locator('.run', { hasText: state }).waitFor();
  await cloud.flushReplication();
  await cloud.advance(KNOWN_FOR_SECONDS);
  return page;
}

test('oidc-client-ts signs in over the entry region, at home', async () => {
  const { page } = tab;
  await page.goto(app.url);
  await untilReady(page, app);
  await page.evaluate('void window.manager.signinRedirect()');
  await page.waitForURL(`${requireUrl(cloud, 'us')}/sign-in?**`);
  await fill(page, 'E-mail address', person.email);
  await press(page, 'Continue');
  expect(new URL(page.url()).origin).toBe(requireUrl(cloud, 'eu'));
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
  await untilReady(page, app);
  expect((await readUser(tab.page)).profile.email).toBe(person.email);
  await signInToShop();
});

test('a rotation, followed in the console, shows in no app', async () => {
  const old = await renew();
  const keys = await openView('keys');
  await keys.getByRole('button', { name: 'Rotate', exact: true }).click();
  await keysIn(keys, 'next').first().waitFor();
  expect(await keysIn(keys, 'next').count()).toBe(2);
  expect(await findViolations(keys)).toEqual([]);
  await cloud.flushReplication();
  await cloud.advance(KNOWN_FOR_SECONDS);
  expect(await renew()).toBe(old);
  expect(await publishedKids(cloud.issuer)).toHaveLength(4);

  await moveClockTo('WaitRetired');
  await openView('keys');
  await keysIn(keys, 'retiring').first().waitFor();
  expect(await keysIn(keys, 'active').count()).toBe(2);
  const renewed = await renew();
  expect(renewed).not.toBe(old);
  await signInToShop();

  const executions = await moveClockTo('Rotated');
  expect(await findViolations(executions)).toEqual([]);
  expect(await publishedKids(cloud.issuer)).toHaveLength(2);
  expect(await renew()).toBe(renewed);
  await signInToShop();
});

test('in an emergency apps go on with new tokens at once', async () => {
  const old = kidOf((await readUser(tab.page)).access_token);
  const keys = await openView('keys');
  await keys.getByRole('button', { name: 'Emergency…' }).click();
  expect(await findViolations(keys)).toEqual([]);
  await keys.getByRole('dialog').getByRole('button').last().click();
  await openView('executions');
  await keys.locator('.run', { hasText: 'Rotated' }).nth(1).waitFor();
  await cloud.flushReplication();
  await cloud.advance(KNOWN_FOR_SECONDS);
  expect(await publishedKids(cloud.issuer)).not.toContain(old);
  expect(await renew()).not.toBe(old);
  await signInToShop();
});

test('oidc-client-ts signs out, revokes its tokens and finds nobody signed in', async () => {
  const { page } = tab;
  const leaving = page.waitForResponse((response) => response.url().includes('/oauth2/logout'));
  await page.evaluate('void window.manager.signoutRedirect()');
  expect((await leaving).status()).toBe(303);
  await untilReady(page, app);
  expect(await page.evaluate('window.manager.getUser()')).toBeNull();
  await page.evaluate('void window.manager.signinRedirect()');
  await page.waitForURL('**/sign-in?**');
  expect(pathOf(page)).toBe('/sign-in');
});

test('Chromium had nothing to complain about on the way', () => {
  expect([...tab.complaints, ...console.complaints]).toEqual([]);
});
