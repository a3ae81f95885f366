/** An unmodified `oidc-client-ts` in a page of another origin: what a single-page app does. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, type Person } from '../harness/journeys.ts';
import {
  readUser,
  registerSinglePageApp,
  type SinglePageApp,
  serveSinglePageApp,
  untilReady,
} from './single-page-app.ts';
import { fill, openTab, pathOf, press, type Tab } from './tabs.ts';

let cloud: TestCloud;
let browser: Browser;
let app: SinglePageApp;
let person: Person;
let tab: Tab;

beforeAll(async () => {
  [cloud, browser, app] = await Promise.all([
    startTestCloud(),
    launchChromium(),
    serveSinglePageApp(),
  ]);
  await registerSinglePageApp(cloud, app);
  person = await createAccount(cloud, createAgent(cloud.issuer));
  tab = await openTab(browser);
});
afterAll(async () => {
  await browser?.close();
  await app?.close();
  await cloud?.close();
});

test('it signs in by redirect, by discovery alone', async () => {
  const { page } = tab;
  await page.goto(app.url);
  await untilReady(page, app);
  await page.evaluate('void window.manager.signinRedirect()');
  await page.waitForURL('**/sign-in?**');
  await fill(page, 'E-mail address', person.email);
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
  await untilReady(page, app);
  expect((await readUser(tab.page)).profile.email).toBe(person.email);
});

test('it refreshes its tokens from the page', async () => {
  const before = await readUser(tab.page);
  await tab.page.evaluate('window.manager.signinSilent()');
  const after = await readUser(tab.page);
  expect(after.access_token).not.toBe(before.access_token);
  expect(after.refresh_token).not.toBe(before.refresh_token);
  expect(after.profile.sub).toBe(before.profile.sub);
});

test('it signs out, revokes its tokens and finds nobody signed in afterwards', async () => {
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
  expect(tab.complaints).toEqual([]);
});
