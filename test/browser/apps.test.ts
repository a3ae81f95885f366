/** The pages between an app and its visitor, in Chromium: consent, errors, form post, sign-out. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { type App, attemptAuthorization, registerApp } from '../harness/apps.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, type Person } from '../harness/journeys.ts';
import { type SinglePageApp, serveSinglePageApp } from './single-page-app.ts';
import { fill, findViolations, openTab, press, type Tab } from './tabs.ts';

let cloud: TestCloud;
let browser: Browser;
let site: SinglePageApp;
let person: Person;

beforeAll(async () => {
  [cloud, browser, site] = await Promise.all([
    startTestCloud(),
    launchChromium(),
    serveSinglePageApp(),
  ]);
  person = await createAccount(cloud, createAgent(cloud.issuer));
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await cloud?.close();
});

async function register(metadata: Readonly<Record<string, unknown>> = {}): Promise<App> {
  const uris = { redirect_uris: [site.url], post_logout_redirect_uris: [site.url] };
  const app = await registerApp(cloud, { metadata: { ...uris, ...metadata } });
  return { ...app, redirectUri: site.url, postLogoutRedirectUri: site.url };
}

async function openApp(tab: Tab, app: App, parameters = {}): Promise<void> {
  await tab.page.goto(attemptAuthorization(cloud, app, parameters).url.href);
}

async function signIn({ page }: Tab): Promise<void> {
  await fill(page, 'E-mail address', person.email);
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
}

/** Where the visitor stands at the app, and what the app was told. */
function arrival({ page }: Tab): { readonly origin: string; readonly told: URLSearchParams } {
  const { origin, searchParams } = new URL(page.url());
  return { origin: `${origin}/`, told: searchParams };
}

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test('consent is asked for, accessible, and leads back to the app', async () => {
    const app = await register({ domicile_first_party: false, domicile_color: '#9d3c72' });
    const tab = await openTab(browser, { colorScheme });
    await openApp(tab, app);
    await signIn(tab);
    expect(await tab.page.textContent('h1')).toBe('Allow access?');
    expect(await findViolations(tab.page)).toEqual([]);
    expect(tab.complaints).toEqual([]);
    await press(tab.page, 'Allow');
    await tab.page.waitForURL(`${site.url}**`);
    expect(arrival(tab)).toMatchObject({ origin: site.url });
    expect(arrival(tab).told.has('code')).toBe(true);
    await tab.close();
  });

  test('an error page is accessible and says what the maker of the app needs', async () => {
    const tab = await openTab(browser, { colorScheme });
    await openApp(tab, await register(), { redirect_uri: 'https://elsewhere.example/' });
    expect(await tab.page.textContent('main')).toContain('redirect_uri is not registered');
    expect(await findViolations(tab.page)).toEqual([]);
    await tab.close();
  });

  test('the question before a sign-out is accessible', async () => {
    const tab = await openTab(browser, { colorScheme });
    await tab.page.goto(`${cloud.issuer}/account`);
    await signIn(tab);
    await tab.page.goto(`${cloud.issuer}/oauth2/logout`);
    expect(await tab.page.textContent('h1')).toBe('Sign out?');
    expect(await findViolations(tab.page)).toEqual([]);
    await press(tab.page, 'Sign out');
    expect(await tab.page.textContent('h1')).toBe('You are signed out');
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
});

test('who does not allow access gets back to the app with access_denied', async () => {
  const tab = await openTab(browser);
  await openApp(tab, await register({ domicile_first_party: false }));
  await signIn(tab);
  await press(tab.page, 'Don’t allow');
  await tab.page.waitForURL(`${site.url}**`);
  expect(arrival(tab).told.get('error')).toBe('access_denied');
  await tab.close();
});

test('a form post sends itself, under a policy that allows this one script', async () => {
  const tab = await openTab(browser);
  await openApp(tab, await register(), { response_mode: 'form_post' });
  const posting = tab.page.waitForRequest(
    (request) => request.method() === 'POST' && request.url() === site.url,
  );
  await signIn(tab);
  const posted = new URLSearchParams((await posting).postData() ?? '');
  expect(posted.has('code')).toBe(true);
  expect(posted.get('iss')).toBe(cloud.issuer);
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

test('without scripts a form post waits for a click', async () => {
  const tab = await openTab(browser, { javaScriptEnabled: false });
  await openApp(tab, await register(), { response_mode: 'form_post' });
  await signIn(tab);
  await press(tab.page, 'Continue');
  await tab.page.waitForURL(site.url);
  await tab.close();
});

test('a visitor who is signed in passes to a second app without seeing a page', async () => {
  const tab = await openTab(browser);
  await openApp(tab, await register());
  await signIn(tab);
  await tab.page.waitForURL(`${site.url}**`);
  const shown: Array<string> = [];
  tab.page.on('framenavigated', (frame) => shown.push(new URL(frame.url()).origin));
  await openApp(tab, await register());
  expect(shown).not.toContain(cloud.issuer);
  expect(arrival(tab).told.has('code')).toBe(true);
  await tab.close();
});
