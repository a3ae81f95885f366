/** Where somebody will be at home, chosen in Chromium before anything personal is typed. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireUrl } from '../flows/residents.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, readCode } from '../harness/journeys.ts';
import { fill, findViolations, follow, openTab, pathOf, press, type Tab, tabTo } from './tabs.ts';

let cloud: TestCloud;
let browser: Browser;

beforeAll(async () => {
  const cells = ['eu', 'us', 'ap'];
  [cloud, browser] = await Promise.all([startTestCloud({ cells, demo: true }), launchChromium()]);
  cloud.setEntry('us');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

function shopUrl(): string {
  const shop = cloud.cloud.demos.apps.find(({ role }) => role === 'demo-shop');
  return `${shop?.url}/`;
}

/** From the shop over the sign-in page to the question where somebody lives. */
async function startSignUp(page: Page, link: string): Promise<void> {
  await page.goto(shopUrl());
  const loaded = page.waitForEvent('load');
  await page.click('header a.button');
  await loaded;
  await follow(page, link);
}

async function expectSound({ page, complaints }: Tab): Promise<void> {
  expect(await findViolations(page), pathOf(page)).toEqual([]);
  expect(complaints, pathOf(page)).toEqual([]);
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow), pathOf(page)).toBe(0);
}

const hasPersonalField = (page: Page) =>
  page.locator('input[type=email], input[type=password]').count();
const originOf = (page: Page) => new URL(page.url()).origin;
const boxOf = (page: Page) => page.textContent('.box');

async function createAccount(page: Page, labels: Readonly<Record<string, string>>) {
  const person = newPerson();
  await fill(page, labels['email'] ?? '', person.email);
  await fill(page, labels['password'] ?? '', person.password);
  await page.locator('#terms').check();
  await press(page, labels['create'] ?? '');
  await fill(page, labels['code'] ?? '', await readCode(cloud, person.email));
  return person;
}

const ENGLISH = {
  ...{ email: 'E-mail address', password: 'Password', create: 'Create account' },
  code: 'Code from the e-mail',
};
const GERMAN = {
  ...{ email: 'E-Mail-Adresse', password: 'Passwort', create: 'Konto anlegen' },
  code: 'Code aus der E-Mail',
};

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  test('a country decides, is said, may be changed, and leads back to the app', async () => {
    const tab = await openTab(browser, { colorScheme: scheme });
    const { page } = tab;
    await startSignUp(page, 'Create account');
    expect([originOf(page), pathOf(page)]).toEqual([requireUrl(cloud, 'us'), '/sign-up/region']);
    expect(await hasPersonalField(page)).toBe(0);
    await expectSound(tab);
    await page.getByLabel('Country or territory').selectOption({ label: 'Japan' });
    await press(page, 'Continue');
    expect(originOf(page)).toBe(requireUrl(cloud, 'ap'));
    expect(await boxOf(page)).toContain('Australia (Sydney)');
    await expectSound(tab);

    await follow(page, 'Choose another country');
    expect(await page.inputValue('select')).toBe('JP');
    await page.getByLabel('Country or territory').selectOption({ label: 'France' });
    await press(page, 'Continue');
    expect(originOf(page)).toBe(requireUrl(cloud, 'eu'));
    expect(await boxOf(page)).toContain('Germany (Frankfurt)');
    const person = await createAccount(page, ENGLISH);
    await expectSound(tab);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.waitForURL(shopUrl());
    expect(await page.textContent('.name')).toBe(person.email);
    expect((await cloud.items('data', 'eu')).some(({ sk }) => sk === 'ACCOUNT')).toBe(true);
    await tab.close();
  });

  test('on a phone, in German: none of the countries, a place, a mistake', async () => {
    const viewport = { width: 360, height: 740 };
    const tab = await openTab(browser, { colorScheme: scheme, viewport, locale: 'de-DE' });
    const { page } = tab;
    await startSignUp(page, 'Konto anlegen');
    await expectSound(tab);
    await page.getByLabel('Land oder Gebiet').selectOption({ label: 'Keines davon' });
    await press(page, 'Weiter');
    expect(await page.getByRole('radio').count()).toBe(3);
    await expectSound(tab);
    await page.evaluate('document.querySelector("form").noValidate = true');
    await press(page, 'Weiter');
    expect(await page.getByText('Bitte wählen Sie einen Ort.').count()).toBe(1);
    tab.complaints.length = 0;
    await expectSound(tab);
    await page.getByLabel('Australien (Sydney)').check();
    await press(page, 'Weiter');
    expect(originOf(page)).toBe(requireUrl(cloud, 'ap'));
    expect(await boxOf(page)).toContain('Australien (Sydney)');
    await expectSound(tab);
    await tab.close();
  });
});

test('with the keyboard alone, and in the language of the reader to the end', async () => {
  const tab = await openTab(browser, { locale: 'de-DE' });
  const { page } = tab;
  await startSignUp(page, 'Konto anlegen');
  await page.keyboard.type('Deutsch');
  await tabTo(page, 'Weiter');
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('Enter');
  await loaded;
  expect(await boxOf(page)).toContain('Ihr Land: Deutschland.');
  const person = await createAccount(page, GERMAN);
  await page.keyboard.press('Enter');
  await page.waitForURL(shopUrl());
  expect(cloud.requireMail(person.email)).toMatchObject({ region: cloud.regions['eu'] });
  expect(await page.textContent('.name')).toBe(person.email);
  await tab.close();
});

test('an address that is at home elsewhere: nothing shows, and the mail leads home', async () => {
  const first = await openTab(browser);
  await startSignUp(first.page, 'Create account');
  await first.page.getByLabel('Country or territory').selectOption({ label: 'France' });
  await press(first.page, 'Continue');
  const person = await createAccount(first.page, ENGLISH);
  await first.page.getByRole('button', { name: 'Confirm' }).click();
  await first.page.waitForURL(shopUrl());
  await first.close();
  await cloud.flushReplication();

  const tab = await openTab(browser);
  const { page } = tab;
  await startSignUp(page, 'Create account');
  await page.getByLabel('Country or territory').selectOption({ label: 'Japan' });
  await press(page, 'Continue');
  await fill(page, 'E-mail address', person.email);
  await fill(page, 'Password', 'another quiet lake');
  await page.locator('#terms').check();
  await press(page, 'Create account');
  expect([originOf(page), pathOf(page)]).toEqual([requireUrl(cloud, 'ap'), '/verify']);
  await expectSound(tab);
  const [link = ''] = cloud.requireMail(person.email).links;
  await page.goto(link);
  expect(originOf(page)).toBe(requireUrl(cloud, 'eu'));
  await expectSound(tab);
  await tab.close();
});
