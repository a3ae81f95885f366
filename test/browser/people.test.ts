/** What people do at the hosted pages, in Chromium: as they see them, and without scripts. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgent } from '../harness/agent.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { createAccount, newPerson, type Person, readCode, readLink } from '../harness/journeys.ts';
import { fill, findViolations, follow, openTab, pathOf, press, type Tab, tabTo } from './tabs.ts';

let cloud: TestCloud;
let browser: Browser;

/** With everything that sign-up can ask for. */
const parameters = { TermsUrl: 'https://shop.example/terms' };

beforeAll(async () => {
  [cloud, browser] = await Promise.all([startTestCloud({ parameters }), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

async function fillSignUp(page: Page, { email, password }: Person): Promise<void> {
  await page.goto(`${cloud.issuer}/account`);
  await follow(page, 'Create account');
  await fill(page, 'E-mail address', email);
  await fill(page, 'Password', password);
  await page.locator('#terms').check();
}

async function signUp(page: Page, person: Person): Promise<void> {
  await fillSignUp(page, person);
  await press(page, 'Create account');
  await fill(page, 'Code from the e-mail', await readCode(cloud, person.email));
  await press(page, 'Confirm');
  expect(pathOf(page)).toBe('/account');
}

async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.goto(`${cloud.issuer}/account`);
  await fill(page, 'E-mail address', email);
  await fill(page, 'Password', password);
  await press(page, 'Sign in');
}

/** Each visit's page must be accessible, wherever a journey stops. */
async function expectSound({ page, complaints }: Tab): Promise<void> {
  expect(await findViolations(page), pathOf(page)).toEqual([]);
  expect(complaints, pathOf(page)).toEqual([]);
}

describe.each(['light', 'dark'] as const)(
  'in %s, every page on the way is accessible',
  (scheme) => {
    test('from sign-up to sign-out', async () => {
      const person = newPerson();
      const tab = await openTab(browser, { colorScheme: scheme });
      const { page } = tab;
      await fillSignUp(page, person);
      await expectSound(tab);
      await press(page, 'Create account');
      await expectSound(tab);
      await fill(page, 'Code from the e-mail', await readCode(cloud, person.email));
      await press(page, 'Confirm');
      await expectSound(tab);
      await follow(page, 'Change password');
      await expectSound(tab);
      await fill(page, 'Current password', person.password);
      await fill(page, 'New password', `${person.password}, renewed`);
      await press(page, 'Save new password');
      expect(pathOf(page)).toBe('/account');
      await expectSound(tab);
      await press(page, 'Sign out');
      expect(await page.textContent('h1')).toBe('You are signed out');
      await expectSound(tab);
      await tab.close();
    });

    test('on a phone: a mistake, a forgotten password, a new one', async () => {
      const person = await createAccount(cloud, createAgent(cloud.issuer));

      const viewport = { width: 360, height: 740 };
      const tab = await openTab(browser, { colorScheme: scheme, viewport });
      const { page } = tab;
      await signIn(page, { ...person, password: 'not my password' });
      expect(await page.getByRole('alert').textContent()).toContain('not right');
      // A wrong password is answered with 400, which Chromium notes by itself.
      expect(tab.complaints.splice(0).filter((text) => !text.includes('status of 400'))).toEqual(
        [],
      );
      await expectSound(tab);
      await follow(page, 'Forgot password?');
      await expectSound(tab);
      await fill(page, 'E-mail address', person.email);
      await press(page, 'Send code');
      await expectSound(tab);
      await fill(page, 'Code from the e-mail', await readCode(cloud, person.email));
      await fill(page, 'New password', `${person.password}, renewed`);
      await press(page, 'Save new password');
      expect(pathOf(page)).toBe('/account');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      await expectSound(tab);
      await tab.close();
    });
  },
);

test('the mail is read in the console, and its link finishes the sign-up', async () => {
  const person = newPerson();
  const tab = await openTab(browser);
  await fillSignUp(tab.page, person);
  await press(tab.page, 'Create account');
  const { id } = cloud.requireMail(person.email);
  await tab.page.goto(`${cloud.issuer}/_local/api/mail/${id}`);
  const opening = tab.page.context().waitForEvent('page');
  await tab.page.locator('a[href*="/verify"]').first().click();
  const opened = await opening;
  await opened.waitForLoadState();
  await press(opened, 'Confirm address');
  expect(pathOf(opened)).toBe('/account');
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

test('a link opened on another device asks for the password chosen at sign-up', async () => {
  const person = newPerson();
  const first = await openTab(browser);
  await fillSignUp(first.page, person);
  await press(first.page, 'Create account');
  const other = await openTab(browser);
  await other.page.goto(await readLink(cloud, person.email, '/verify'));
  await expectSound(other);
  await fill(other.page, 'Password', person.password);
  await press(other.page, 'Confirm address');
  expect(pathOf(other.page)).toBe('/account');
  await first.close();
  await other.close();
});

test('without scripts everything works as well', async () => {
  const person = newPerson();
  const tab = await openTab(browser, { javaScriptEnabled: false });
  await signUp(tab.page, person);
  await press(tab.page, 'Sign out');
  await signIn(tab.page, person);
  expect(pathOf(tab.page)).toBe('/account');
  await tab.close();
});

test('by keyboard alone, from the first field to the account', async () => {
  const person = await createAccount(cloud, createAgent(cloud.issuer));

  const { page, close } = await openTab(browser);
  await page.goto(`${cloud.issuer}/sign-in`);
  // The first field gets the focus by itself.
  await page.locator('input[type=email]:focus').waitFor();
  await page.keyboard.type(person.email);
  await tabTo(page, 'Password');
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account');
  await tabTo(page, 'Sign out');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account/sign-out');
  expect(await page.textContent('h1')).toBe('You are signed out');
  await close();
});

test('going back after a sign-in shows a form that still works', async () => {
  const person = await createAccount(cloud, createAgent(cloud.issuer));

  const { page, close } = await openTab(browser);
  await signIn(page, person);
  await page.goBack();
  expect(pathOf(page)).toBe('/sign-in');
  await fill(page, 'E-mail address', person.email);
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
  expect(pathOf(page)).toBe('/account');
  await page.reload();
  expect(pathOf(page)).toBe('/account');
  await close();
});

test('in German for a browser that speaks German', async () => {
  const { page, close } = await openTab(browser, { locale: 'de-DE' });
  await page.goto(`${cloud.issuer}/sign-in`);
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  expect(await page.textContent('h1')).toContain('Anmelden');
  await close();
});
