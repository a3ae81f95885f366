import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectGoodLooks, openConsole } from '../browser/console-views.ts';
import { openTab } from '../browser/tabs.ts';
import { plantResident } from '../flows/residents.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';

let cloud: TestCloud;
let browser: Browser;
let page: Page;
let complaints: Array<string>;

beforeAll(async () => {
  const cells = ['eu', 'us', 'ap'];
  [cloud, browser] = await Promise.all([startTestCloud({ cells, demo: true }), launchChromium()]);
  ({ page, complaints } = await openTab(browser));
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await cloud?.close();
});

const open = (view: string) => openConsole(page, cloud.issuer, view);

const cardOf = (cell: string) =>
  page.locator('article.cell', { has: page.locator(`h2:text-is("${cell}")`) });

describe('the demo shop, with several cells', () => {
  it('signs somebody in who is at home elsewhere, by the one issuer that it knows', async () => {
    const { person } = await plantResident(cloud, 'ap');
    const shop = cloud.cloud.demos.apps.find(({ role }) => role === 'demo-shop');
    await page.goto(`${shop?.url}/`);
    await page.click('header a.button');
    await page.fill('input[type=email]', person.email);
    await page.click('main form button');
    await page.waitForURL((url) => url.origin === cloud.cellUrls['ap']);
    await page.fill('input[type=password]', person.password);
    await page.click('main form button');
    await page.waitForURL(`${shop?.url}/`);
    expect(await page.textContent('.name')).toBe(person.email);
    expect(await page.textContent('main')).toContain(cloud.issuer);
  });
});

describe('the console, with several cells', () => {
  it.each(['overview', 'cells', 'calls', 'tables', 'logs', 'keys', 'executions', 'grants'])(
    'shows %s, accessible, in light and dark, narrow and wide',
    async (view) => {
      await expectGoodLooks(page, cloud.issuer, view);
      expect(complaints).toEqual([]);
    },
  );

  it('says how many people are at home in each cell', async () => {
    await open('cells');
    expect(await cardOf('ap').textContent()).toContain('1 resident');
    expect(await cardOf('eu').textContent()).toContain('0 residents');
  });

  it('lets another cell answer the issuer', async () => {
    await open('cells');
    await cardOf('us').locator('button:text-is("Answer the issuer")').click();
    await expect.poll(() => cardOf('us').textContent()).toContain('answers the issuer');
    expect((await cloud.cloud.describeCells()).find(({ isEntry }) => isEntry)?.name).toBe('us');
    cloud.setEntry('eu');
  });

  it('takes a cell down and brings it up again', async () => {
    await open('cells');
    await cardOf('ap').locator('button:text-is("Take down")').click();
    await cardOf('ap').locator('button:text-is("Bring up")').waitFor();
    await expect(fetch(`${cloud.cellUrls['ap']}/sign-in`)).rejects.toThrow();
    await cardOf('ap').locator('button:text-is("Bring up")').click();
    await cardOf('ap').locator('button:text-is("Take down")').waitFor();
    expect((await fetch(`${cloud.cellUrls['ap']}/sign-in`)).status).toBe(200);
  });

  it('sets how far replicas are behind', async () => {
    await open('cells');
    await page.click('button:text-is("10 s")');
    await expect.poll(() => cloud.cloud.replication()).toEqual({ delayMs: 10_000, paused: false });
    await page.click('button:text-is("Pause")');
    await page.waitForSelector('button:text-is("Paused: go on")');
    expect(cloud.cloud.replication()).toEqual({ delayMs: 10_000, paused: true });
    cloud.setReplication({ paused: false });
    cloud.setReplication({ delayMs: 0 });
  });

  it('starts a rotation of the signing keys, whose states it shows', async () => {
    await open('keys');
    await page.waitForSelector('.key-state.active');
    await page.click('button:text-is("Rotate")');
    await page.waitForSelector('.key-state.next');
    expect(await page.locator('.key-state.next').count()).toBe(2);
    await page.click('main a:text-is("executions")');
    await expect.poll(() => page.textContent('main')).toContain('domicile-key-rotation');
  });
});
