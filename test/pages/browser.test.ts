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
/** The only ones of these that read colours; all others go by structure, text and boxes. */

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
  /** Shows each as `show` does, up to its load event, without leaving the browser in between. */
  const measureAll = async (documents: ReadonlyArray<string>, measure: string) => {
    complaints.length = 0;
    const measured = await page.evaluate(`(async () => {
      const measured = [];
      for (const html of ${JSON.stringify(documents.map(rewrite))}) {
        document.open();
        // A turn later: what is opened within the event of another would have none of its own.
        const loaded = new Promise((resolve) => addEventListener('load', () => setTimeout(resolve)));
        document.write(html);
        document.close();
        await loaded;
        measured.push(await ${measure});
      }
      return measured;
    })()`);
    if (!Array.isArray(measured)) throw new Error('the tab has gone elsewhere');
    return measured as ReadonlyArray<unknown>;
  };
  await page.goto(`${ORIGIN}/`);
  return { page, complaints, visit, show, write, measureAll };
}

/** By view, so that a failure names it. */
function named(measured: ReadonlyArray<unknown>): ReadonlyArray<readonly [string, unknown]> {
  return VIEWS.map(([name], index) => [name, measured[index]]);
}

const allOf = (value: unknown) => VIEWS.map(([name]) => [name, value]);

function findViolations(runOnly: object): string {
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  return `axe.run(${options}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`;
}

/** Where everything stands, and how large it is; a field that takes the focus may have scrolled. */
const BOXES = `(scrollTo({ top: 0, behavior: 'instant' }),
  [...document.querySelectorAll('*')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [element.localName, x, y, width, height].join(' ');
  }).join())`;

describe('axe finds nothing (WCAG 2.2 AA), light and dark', () => {
  test.each([
    ['en', PLAIN],
    ['de', BRANDED],
  ] as const)('in %s', { timeout: 90_000 }, async (locale, context) => {
    const { page, measureAll } = await openTab({ scheme: 'light' });
    await page.evaluate(AXE);
    const documents = [
      ...VIEWS.map(([, view]) => renderPage(view, { ...context, locales: [locale] })),
      renderCertificate(CERTIFICATE, { ...PLAIN, locales: [locale] }),
    ];
    const names = [...VIEWS.map(([name]) => name), 'certificate'];
    const nothing = names.map((name) => [name, []]);
    const measure = `Promise.all([${BOXES}, ${findViolations({ type: 'tag', values: RULES })}])`;
    const inScheme = async () => {
      const measured = (await measureAll(documents, measure)) as ReadonlyArray<[string, unknown]>;
      expect(measured.map(([, violations], index) => [names[index], violations])).toEqual(nothing);
      return measured.map(([boxes]) => boxes);
    };

    const light = await inScheme();
    await page.emulateMedia({ colorScheme: 'dark' });
    // Nothing but colours is another.
    expect(await inScheme()).toEqual(light);
    await page.close();
  });
});

describe.each([
  ['left to right', (html: string) => html],
  ['right to left', (html: string) => html.replace('dir="ltr"', 'dir="rtl"')],
])('a phone 320 px wide, %s', (_, rewrite) => {
  test('never scrolls sideways, however long the words', { timeout: 60_000 }, async () => {
    const { page, measureAll } = await openTab({ width: 320, rewrite });
    const width = 'document.documentElement.scrollWidth';
    const german = { locales: ['de'] };
    const certificate = renderCertificate(CERTIFICATE, { ...PLAIN, ...german });
    expect(await measureAll([certificate], width)).toEqual([320]);
    for (const lengthen of [
      (view: View) => view,
      (view: View) => hostile(view, 'Donaudampfschifffahrt'.repeat(20)),
    ]) {
      const shown = VIEWS.map(([, view]) => renderPage(lengthen(view), { ...BRANDED, ...german }));
      expect(named(await measureAll(shown, width))).toEqual(allOf(320));
    }
    await page.close();
  });
});

test('everything to press is at least 44 px high, links within sentences excepted', {
  timeout: 60_000,
}, async () => {
  const { page, measureAll } = await openTab({ width: 360 });
  const small = await measureAll(
    VIEWS.map(([, view]) => renderPage(view, BRANDED)),
    `[...document.querySelectorAll('button, select, input:not([type=hidden]):not([hidden]), a')]
      .map((element) => ['checkbox', 'radio'].includes(element.type) ? element.labels[0] : element)
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .filter((element) => !element.closest('[role=alert]'))
      .filter((element) => element.getBoundingClientRect().height < 43.9)
      .map((element) => element.outerHTML)`,
  );
  expect(named(small)).toEqual(allOf([]));
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
  const inHands = (value: string) =>
    VIEWS.map(([, view]) => renderPage(hostile(view, value), hostile(BRANDED, value)));
  /** What the views are made of when nobody means them harm. */
  let harmless: ReadonlyArray<unknown> = [];

  beforeAll(async () => {
    const { page, measureAll } = await openTab();
    harmless = await measureAll(inHands('harmless'), STRUCTURE);
    await page.close();
  }, 60_000);

  test.each([
    `"><script>alert(1)</script><img src=x onerror=alert(2)>'><svg onload=alert(3)>`,
    `</title></style></textarea></bdi></form><base href="https://evil.example"><b>`,
    `{{constructor}}&lt;script&gt;\u202Ereversed`,
  ])('%j stay text on every page', { timeout: 60_000 }, async (value) => {
    const { page, complaints, measureAll } = await openTab();
    expect(named(await measureAll(inHands(value), STRUCTURE))).toEqual(named(harmless));
    expect(complaints.filter((text) => text.startsWith('dialog'))).toEqual([]);
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
