import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderCertificate } from '../../functions/pages/certificate/certificate-page.tsx';
import { pageHeaders } from '../../functions/pages/security-headers.ts';
import type { PageContext, View } from '../../functions/pages/view.ts';
import { launchChromium } from '../harness/chromium.ts';
import { CERTIFICATE } from './certificate-sample.ts';
import { hostile } from './hostile.ts';
import { renderPage } from './rendered.ts';
import { BRANDED, PLAIN, SAMPLES } from './samples.ts';

const VIEWS = Object.entries(SAMPLES);
const ORIGIN = 'http://pages.test';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
});

interface Options {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  /** Changes the markup before it is shown. */
  readonly rewrite?: (html: string) => string;
}

/**
 * A tab that shows one view at a time under its real headers, and refuses everything else. `show`
 * writes the next document over the last, which keeps its policy (HTML §8.4.1) and the scripts of
 * this test: a fifth of the work of a `visit`, which the test of the policy pays for every view.
 */
async function openTab({ scheme = 'light', width = 1280, rewrite = (html) => html }: Options = {}) {
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 800 } });
  const complaints: Array<string> = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  let body = '';
  await page.route('**/*', (route) =>
    route.request().url().startsWith(ORIGIN)
      ? route.fulfill({ headers: pageHeaders(PLAIN.nonce, []), body })
      : route.abort(),
  );
  const visit = async (view: View, context: PageContext): Promise<void> => {
    body = renderPage(view, context);
    complaints.length = 0;
    await page.goto(`${ORIGIN}/`);
  };
  const write = async (html: string): Promise<void> => {
    complaints.length = 0;
    await page.setContent(rewrite(html));
  };
  const show = (view: View, context: PageContext) => write(renderPage(view, context));
  await page.goto(`${ORIGIN}/`);
  return { page, complaints, visit, show, write };
}

async function findViolations(page: Page): Promise<ReadonlyArray<string>> {
  const options = JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] });
  const found = await page.evaluate(`axe.run(${options})
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`);
  return Array.isArray(found) ? found.map(String) : [`axe answered ${typeof found}`];
}

describe.each(['light', 'dark'] as const)('axe finds nothing (WCAG 2.2 AA), %s', (scheme) => {
  test.each([
    ['en', PLAIN],
    ['de', BRANDED],
  ] as const)('in %s', { timeout: 90_000 }, async (locale, context) => {
    const { page, show, write } = await openTab({ scheme });
    await page.evaluate(AXE);
    for (const [name, view] of VIEWS) {
      await show(view, { ...context, locales: [locale] });
      expect(await findViolations(page), name).toEqual([]);
    }
    await write(renderCertificate(CERTIFICATE, { ...PLAIN, locales: [locale] }));
    expect(await findViolations(page), 'certificate').toEqual([]);
    await page.close();
  });
});

describe.each([
  ['left to right', (html: string) => html],
  ['right to left', (html: string) => html.replace('dir="ltr"', 'dir="rtl"')],
])('a phone 320 px wide, %s', (_, rewrite) => {
  test('never scrolls sideways, however long the words', { timeout: 60_000 }, async () => {
    const { page, show, write } = await openTab({ width: 320, rewrite });
    await write(renderCertificate(CERTIFICATE, { ...PLAIN, locales: ['de'] }));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    for (const [name, view] of VIEWS) {
      for (const shown of [view, hostile(view, 'Donaudampfschifffahrt'.repeat(20))]) {
        await show(shown, { ...BRANDED, locales: ['de'] });
        const width = await page.evaluate('document.documentElement.scrollWidth');
        expect(width, name).toBe(320);
      }
    }
    await page.close();
  });
});

test('everything to press is at least 44 px high, links within sentences excepted', {
  timeout: 60_000,
}, async () => {
  const { page, show } = await openTab({ width: 360 });
  for (const [name, view] of VIEWS) {
    await show(view, BRANDED);
    const small = await page.evaluate(`
      [...document.querySelectorAll('button, select, input:not([type=hidden]):not([hidden]), a')]
        .map((element) => ['checkbox', 'radio'].includes(element.type) ? element.labels[0] : element)
        .filter((element) => getComputedStyle(element).display !== 'inline')
        .filter((element) => !element.closest('[role=alert]'))
        .filter((element) => element.getBoundingClientRect().height < 43.9)
        .map((element) => element.outerHTML)`);
    expect(small, name).toEqual([]);
  }
  await page.close();
});

test('on a phone 360 px wide, the button of every row stands below its text', async () => {
  const { page, show } = await openTab({ width: 360 });
  for (const name of ['account', 'privacy', 'privacy, everything decided', 'privacy-history']) {
    await show(SAMPLES[name] ?? fail(), PLAIN);
    const beside = await page.evaluate(`[...document.querySelectorAll('.row > :nth-child(2)')]
      .filter((second) => second.getBoundingClientRect().top <
        second.previousElementSibling.getBoundingClientRect().bottom)
      .map((second) => second.outerHTML)`);
    expect(beside, name).toEqual([]);
  }
  await page.close();
});

test.each([320, 360, 1280])(
  'at the foot of a page %i px wide, the other languages begin on the first line',
  async (width) => {
    const { page, show } = await openTab({ width });
    for (const locale of ['en', 'de']) {
      await show(SAMPLES['sign-in'] ?? fail(), { ...BRANDED, locales: [locale] });
      const tops = await page.evaluate(`['footer', 'footer nav'].map((selector) =>
        document.querySelector(selector + ' a').getBoundingClientRect().top)`);
      expect(new Set(Array.isArray(tops) ? tops : []).size, locale).toBe(1);
    }
    await page.close();
  },
);

test('the policy blocks nothing that a page needs, and the browser has nothing to say', {
  timeout: 60_000,
}, async () => {
  const { page, complaints, visit } = await openTab();
  for (const [name, view] of VIEWS.filter(([, { page: kind }]) => kind !== 'form-post')) {
    await visit(view, BRANDED);
    expect(complaints, name).toEqual([]);
  }
  await page.close();
});

test('it blocks as much in a document that was written over another', async () => {
  const { page, complaints, show, write } = await openTab();
  await show(SAMPLES['sign-in'] ?? fail(), PLAIN);
  await write('<title>x</title><style>p { color: red }</style><script>alert(1)</script><p>x</p>');
  const blocked = complaints.filter((text) => text.includes('Content Security Policy'));
  expect([blocked.length, complaints.length]).toEqual([2, 2]);
  await page.close();
});

test('without script, form_post waits for a press of its button', async () => {
  const { page, complaints, visit } = await openTab();
  await visit({ page: 'form-post', form: { action: '/callback', hidden: { code: 'x' } } }, PLAIN);
  expect(page.url()).toBe(`${ORIGIN}/`);
  expect(complaints.join()).toContain('Content Security Policy');
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(page.url()).toBe(`${ORIGIN}/callback`);
  await page.close();
});

describe('hostile values', () => {
  const STRUCTURE = `[...document.querySelectorAll('*')].map(({ localName }) => localName).join(' ')`;
  /** What each view is made of when nobody means it harm. */
  const harmless = new Map<string, unknown>();

  beforeAll(async () => {
    const { page, show } = await openTab();
    for (const [name, view] of VIEWS) {
      await show(hostile(view, 'harmless'), hostile(BRANDED, 'harmless'));
      harmless.set(name, await page.evaluate(STRUCTURE));
    }
    await page.close();
  }, 60_000);

  test.each([
    `"><script>alert(1)</script><img src=x onerror=alert(2)>'><svg onload=alert(3)>`,
    `</title></style></textarea></bdi></form><base href="https://evil.example"><b>`,
    `{{constructor}}&lt;script&gt;\u202Ereversed`,
  ])('%j stay text on every page', { timeout: 60_000 }, async (value) => {
    const { page, complaints, show } = await openTab();
    for (const [name, view] of VIEWS) {
      await show(hostile(view, value), hostile(BRANDED, value));
      expect(await page.evaluate(STRUCTURE), name).toBe(harmless.get(name));
      expect(
        complaints.filter((text) => text.startsWith('dialog')),
        name,
      ).toEqual([]);
    }
    await page.close();
  });
});

describe('by keyboard alone', () => {
  /** A browser gives `autofocus` its focus with the first frame, not with the document. */
  async function settled(page: Page): Promise<void> {
    await page.locator(':focus').waitFor();
  }

  async function walk(page: Page, steps: number): Promise<ReadonlyArray<string>> {
    const seen: Array<string> = [];
    for (let step = 0; step < steps; step += 1) {
      const name = `(({ name, textContent }) => name || textContent)(document.activeElement)`;
      seen.push(String(await page.evaluate(name)));
      await page.keyboard.press('Tab');
    }
    return seen;
  }

  test('sign-in begins at the address and reaches everything in reading order', async () => {
    const { page, visit } = await openTab();
    await visit(SAMPLES['sign-in'] ?? fail(), PLAIN);
    await settled(page);
    expect(await walk(page, 6)).toEqual([
      'email',
      'password',
      'Sign in',
      'Forgot password?',
      'Create account',
      'Deutsch',
    ]);
    await page.close();
  });

  test.each([
    ['sign-in, wrong', 'password', 'E-mail or password is not right.'],
    ['verify, wrong code', 'code', 'This code is not right. You have 1 try left.'],
    ['password, wrong', 'current', 'This is not your current password.'],
  ])('%s begins at the field to mend, which says why', async (name, field, why) => {
    const { page, visit } = await openTab();
    await visit(SAMPLES[name] ?? fail(), PLAIN);
    await settled(page);
    const description = await page.evaluate(`
      document.activeElement.getAttribute('aria-describedby').split(' ')
        .map((id) => document.getElementById(id).textContent).join(' ')`);
    expect(await page.evaluate('document.activeElement.id')).toBe(field);
    expect(description).toContain(why);
    await page.close();
  });

  test('whatever has the focus shows it', async () => {
    const { page, visit } = await openTab();
    await visit(SAMPLES['sign-up, all wrong'] ?? fail(), BRANDED);
    for (let step = 0; step < 10; step += 1) {
      const outline = `getComputedStyle(document.activeElement).outlineStyle`;
      const isBody = await page.evaluate('document.activeElement === document.body');
      if (isBody !== true) expect(await page.evaluate(outline)).toBe('solid');
      await page.keyboard.press('Tab');
    }
    await page.close();
  });
});

function fail(): never {
  throw new Error('no such sample');
}
