import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A tab of a fresh browser profile, and all that Chromium complained about in it. */
export interface Tab {
  readonly page: Page;
  /** Console messages (violations of a policy are among them), failed scripts and requests. */
  readonly complaints: Array<string>;
  close(): Promise<void>;
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: Array<string> = [];
  page.on('console', (message) => {
    if (!TYPED_FIRST.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // A navigation ends what the page that is left was still loading.
    if (why !== 'net::ERR_ABORTED') complaints.push(`${why}: ${request.url()}`);
  });
  return { page, complaints, close: () => context.close() };
}

/** On a busy machine a test types before Chromium gets round to the field that has `autofocus`. */
const TYPED_FIRST = /^Autofocus processing was blocked because a document already has a focused/;

/** What axe finds wrong (WCAG 2.2 AA and best practice) with the page as it stands. */
export async function findViolations(page: Page): Promise<ReadonlyArray<string>> {
  await page.evaluate(axe.source);
  // The console frames mails, which may not run the script that axe needs there.
  return await page.evaluate(`axe.run(document, { iframes: false, runOnly: ${JSON.stringify(RULES)} })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`);
}

/** Presses a form's button by what it says, and waits for the page that follows. */
export async function press(page: Page, name: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name, exact: true }).click();
  await loaded;
}

/** Follows a link by what it says. */
export async function follow(page: Page, name: string): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.getByRole('link', { name, exact: true }).click();
  await loaded;
}

export async function fill(page: Page, label: string, value: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(value);
}

/** By the Tab key, as somebody without a mouse gets there. Throws when it takes too long. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const focused = page.locator(':focus');
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    const labels = [
      page.getByLabel(name, { exact: true }),
      page.getByRole('button', { name, exact: true }),
    ];
    for (const label of labels) if ((await label.and(focused).count()) === 1) return;
  }
  throw new Error(`Tab does not reach "${name}"`);
}

export function pathOf(page: Page): string {
  return new URL(page.url()).pathname;
}
