/** Every right over one's own data, by its owner alone, in Chromium. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createErasures } from '../flows/erasures.ts';
import { answerAll } from '../flows/exports.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { newPerson, readCode, readLink } from '../harness/journeys.ts';
import { fill, findViolations, follow, openTab, pathOf, press, type Tab } from './tabs.ts';

const PAGE = '/account/privacy';
const NEWS = 'News about our products';

let cloud: TestCloud;
let browser: Browser;
let tab: Tab;
let page: Page;
const person = newPerson();

beforeAll(async () => {
  [cloud, browser] = await Promise.all([startTestCloud(), launchChromium()]);
  tab = await openTab(browser, { acceptDownloads: true });
  page = tab.page;
});
afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

/** Accessible, and nothing blocked or complained about, wherever the journey stops. */
async function expectSound(): Promise<void> {
  expect(await findViolations(page), pathOf(page)).toEqual([]);
  expect(tab.complaints, pathOf(page)).toEqual([]);
}

async function signIn(): Promise<void> {
  await fill(page, 'E-mail address', person.email);
  await fill(page, 'Password', person.password);
  await press(page, 'Sign in');
}

async function download(name: string): Promise<{ file: Download; text: string }> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name, exact: true }).click();
  const file = await downloading;
  return { file, text: readFileSync(await file.path(), 'utf8') };
}

async function askForDeletion(): Promise<void> {
  await page.goto(`${cloud.issuer}${PAGE}`);
  await follow(page, 'Delete account');
  await expectSound();
  await fill(page, 'Password', person.password);
  await press(page, 'Delete my account');
  expect(await page.textContent('h1')).toBe('You are signed out');
  await expectSound();
}

// One life, in its order.
describe('somebody', () => {
  test('signs up and finds what is done with their data', async () => {
    await page.goto(`${cloud.issuer}/account`);
    await follow(page, 'Create account');
    await fill(page, 'E-mail address', person.email);
    await fill(page, 'Password', person.password);
    await press(page, 'Create account');
    await fill(page, 'Code from the e-mail', await readCode(cloud, person.email));
    await press(page, 'Confirm');
    await follow(page, 'Open: Privacy and data');
    expect(pathOf(page)).toBe(PAGE);
    await expectSound();
  });

  test('agrees, and withdraws by a button that is as easy to press', async () => {
    const agree = page.getByRole('button', { name: `I agree: ${NEWS}` });
    const decline = page.getByRole('button', { name: `I do not agree: ${NEWS}` });
    const [yes, no] = await Promise.all([agree.boundingBox(), decline.boundingBox()]);
    expect(yes?.height).toBe(no?.height);
    expect(yes?.y).toBe(no?.y);
    expect(yes?.width).toBe(no?.width);
    await press(page, `I agree: ${NEWS}`);
    expect(await page.getByRole('status').textContent()).toContain('Saved');
    await expectSound();
    await cloud.advance(60);
    await press(page, `Withdraw: ${NEWS}`);
    expect(await page.locator('#purposes .tag').first().textContent()).toBe('You do not agree');
  });

  test('chooses what to hear about, and that nothing is sold', async () => {
    const tips = page.getByRole('group', { name: 'Tips and guides' });
    await tips.getByLabel('E-mail').check();
    await press(page, 'Save');
    expect(await tips.getByLabel('E-mail').isChecked()).toBe(true);
    await press(page, 'Do not sell or share');
    expect(await page.locator('#do-not-sell').textContent()).toContain('Switched on since');
    await expectSound();
  });

  test('reads what was chosen, and takes home a receipt that proves it', async () => {
    await cloud.deliverStreams();
    await follow(page, 'Show: your history');
    await expectSound();
    expect(await page.locator('main').textContent()).toContain('Signed in');
    await follow(page, 'Only what you chose');
    expect(await page.locator('main').textContent()).not.toContain('Signed in');
    await expectSound();
    const words = await page.locator('main').textContent();
    expect(words?.indexOf('or no longer')).toBeLessThan(words?.indexOf('You agreed') ?? -1);
    const loaded = page.waitForEvent('load');
    await page
      .getByRole('link', { name: `Receipt: ${NEWS}` })
      .last()
      .click();
    await loaded;
    expect(await page.locator('dl').textContent()).toContain('You agreed');
    await expectSound();
    const { file, text } = await download('Download signed receipt');
    expect(file.suggestedFilename()).toMatch(/^\d{4}-\d\d-\d\d-receipt-product-news\.jwt$/);
    const keys = createRemoteJWKSet(new URL('/.well-known/evidence-jwks.json', cloud.issuer));
    const { payload } = await jwtVerify(text, keys);
    expect(payload).toMatchObject({ shown: { title: NEWS } });
  });

  test('gets a copy of everything, to read and for machines', async () => {
    await page.goto(`${cloud.issuer}${PAGE}/export`);
    await expectSound();
    await press(page, 'Collect my data');
    expect(await page.getByRole('status').textContent()).toContain('Step 1 of 3');
    await expectSound();
    await cloud.advance(3);
    await follow(page, 'Look again');
    expect(await page.getByRole('status').textContent()).toContain('Step 2 of 3');
    await expectSound();
    await answerAll(cloud, cloud.executions('domicile-export')[0]?.name ?? '');
    await page.goto(await readLink(cloud, person.email, await exportPath()));
    expect(await page.textContent('h1')).toBe('Your data');
    await expectSound();
    const { text } = await download('Download for machines');
    const exported = JSON.parse(text);
    const published = await fetch(exported.$schema);
    const schema = z.fromJSONSchema(JSON.parse(await published.text()));
    expect(schema.safeParse(exported).error).toBeUndefined();
    expect(text).toContain(person.email);
    const { file } = await download('Download to read');
    const reader = await openTab(browser);
    await reader.page.goto(`file://${await file.path()}`);
    expect(await reader.page.locator('body').textContent()).toContain(person.email);
    await reader.close();
  });

  test('has the account deleted, and keeps it after all by the link in the mail', async () => {
    await askForDeletion();
    await page.goto(await readLink(cloud, person.email, '/keep-account'));
    await expectSound();
    await press(page, 'Keep my account');
    expect(await page.textContent('h1')).toBe('Your account stays');
    await page.goto(`${cloud.issuer}${PAGE}/history`);
    await signIn();
    expect(pathOf(page)).toBe(`${PAGE}/history`);
    expect(await page.locator('main').textContent()).toContain('Called off');
  });

  test('is gone in the end, and holds a certificate that anybody can check', async () => {
    await askForDeletion();
    const url = await finishErasure();
    const program = resolve(import.meta.dirname, '../../bin/verify-certificate.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program, url]);
    expect(stdout).toContain('VALID');
    await page.goto(`${cloud.issuer}${PAGE}`);
    await signIn();
    expect(pathOf(page)).toBe('/sign-in');
  });
});

/** Where the newest mail leads to. */
async function exportPath(): Promise<string> {
  const [link = ''] = cloud.requireMail(person.email).links;
  return new URL(link).pathname;
}

/** Lets days pass, and processors answer, until the certificate is mailed. */
async function finishErasure(): Promise<string> {
  const erasures = createErasures(cloud);
  const [run] = cloud.executions('domicile-erasure');
  await erasures.finish(run?.name ?? '', 'WaitQuarantine');
  erasures.close();
  const { links } = cloud.requireMail(person.email);
  return links.find((link) => link.includes('/v1/privacy/certificates/')) ?? '';
}
