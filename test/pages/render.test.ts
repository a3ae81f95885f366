import { describe, expect, test } from 'vitest';
import { LANGUAGE_TAGS } from '../../functions/pages/locale.ts';
import type { PageContext, View } from '../../functions/pages/view.ts';
import { renderPage } from './rendered.ts';
import { BRANDED, PLAIN, SAMPLES } from './samples.ts';

const VIEWS = Object.entries(SAMPLES);
const MAX_BYTES = 30_000;
/** Largest logo that a client may register. */
const LOGO_BYTES = 12 * 1024;

function withoutHead(html: string): string {
  return html.slice(html.indexOf('<body>'));
}

describe.each(LANGUAGE_TAGS)('pages in %s', (tag) => {
  test.each(VIEWS)('%s is a whole document in that language', (_, view) => {
    const html = renderPage(view, { ...BRANDED, locales: [tag] });
    expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${tag}" dir="ltr">`));
    expect(html).toMatch(/<\/html>$/);
    expect(html.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1);
    expect(withoutHead(html)).not.toMatch(/\{[a-z]+\}|undefined|\[object/);
  });

  test.each(VIEWS)('%s stays far below 30 kB', (_, view) => {
    // The portal is no client's: it shows nobody's logo.
    const context = /^(account|privacy)/.test(view.page) ? PLAIN : BRANDED;
    const html = renderPage(view, { ...context, locales: [tag] });
    expect(Buffer.byteLength(html)).toBeLessThan(MAX_BYTES - LOGO_BYTES);
  });

  test.each(VIEWS)('%s loads nothing and has no inline handler or style', (_, view) => {
    const html = renderPage(view, { ...BRANDED, locales: [tag] });
    expect(html).not.toMatch(/\s(?:style|on\w+)=|<link rel="stylesheet"|@import|url\(/);
    expect(html).not.toMatch(/<(?:img|script)[^>]+src="(?!data:image\/)/);
  });
});

test('style and script carry the nonce of the response', () => {
  const html = renderPage(SAMPLES['form-post'] ?? fail(), PLAIN);
  const nonces = [...html.matchAll(/<(?:style|script)[^>]*>/g)].map(([tag]) => tag);
  expect(nonces).toEqual([`<style nonce="${PLAIN.nonce}">`, `<script nonce="${PLAIN.nonce}">`]);
});

test('only the page that posts itself has a script', () => {
  const scripted = VIEWS.filter(([, view]) => renderPage(view, PLAIN).includes('<script'));
  expect(scripted.map(([name]) => name)).toEqual(['form-post']);
});

describe('what was typed', () => {
  const secret = 'correct horse 123456';
  const form = { action: '/x', hidden: {}, values: { password: secret, code: secret } };

  test.each<View>([
    { page: 'sign-in', form, recoverUrl: '/r' },
    { page: 'sign-up', form, signInUrl: '/s', purposes: [], passwordMinimumLength: 10 },
    { page: 'reset', form, asksCode: true, passwordMinimumLength: 10, signInUrl: '/s' },
    {
      page: 'verify',
      form,
      resend: { action: '/x', hidden: {} },
      email: 'a@example.com',
      signUpUrl: '/s',
    },
  ])('into the secret fields of $page never comes back', (view) => {
    expect(renderPage(view, PLAIN)).not.toContain(secret);
  });

  test('into the other fields does', () => {
    const html = renderPage(SAMPLES['sign-up, unavailable'] ?? fail(), PLAIN);
    expect(html).toMatch(/<input[^>]*name="email"[^>]*value="ada.lovelace@example.com"/);
    expect(html).toMatch(/<input[^>]*name="terms"[^>]*checked/);
  });
});

describe('addresses that may not stand in a link', () => {
  test.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    'relative',
  ])('%j leads nowhere', (url) => {
    const view: View = { page: 'signed-out', continueUrl: url };
    expect(renderPage(view, PLAIN)).toContain('href="about:invalid"');
  });

  test.each(['https://a.example/x', 'http://127.0.0.1:3000/', 'com.example.app:/back', '/x', '?x'])(
    '%j is kept',
    (url) => {
      const view: View = { page: 'signed-out', continueUrl: url };
      expect(renderPage(view, PLAIN)).toContain(`href="${url}"`);
    },
  );

  test.each([
    'https://a.example/logo.png',
    'data:text/html;base64,AA==',
    'data:image/png;base64,"',
  ])('a logo %j is not shown', (logo) => {
    const context: PageContext = { ...PLAIN, client: { name: 'X', branding: { logo } } };
    expect(renderPage({ page: 'signed-out' }, context)).not.toContain('<img');
  });
});

describe('the other languages', () => {
  const linksOf = (context: PageContext) => [
    ...renderPage({ page: 'signed-out' }, context).matchAll(/<a [^>]*hreflang[^>]*>.*?<\/a>/g),
  ];

  test('are named in their own words, and each leads to the same page', () => {
    expect(linksOf(PLAIN).map(([link]) => link)).toEqual([
      `<a href="${PLAIN.pageUrl}&amp;language=de" lang="de" hreflang="de" dir="ltr">Deutsch</a>`,
    ]);
    const [german = []] = linksOf({ ...PLAIN, locales: ['de'], pageUrl: '/verify' });
    expect(german[0]).toContain('<a href="/verify?language=en" lang="en"');
  });

  test('are not offered where the page cannot be found by GET', () => {
    const { pageUrl: _, ...context } = PLAIN;
    expect(linksOf(context)).toEqual([]);
  });

  test('lead nowhere from an address that may not stand in a link', () => {
    const [link = []] = linksOf({ ...PLAIN, pageUrl: '//evil.example' });
    expect(link[0]).toContain('href="about:invalid"');
  });
});

test('sign-up has a box for terms only where there are some', () => {
  const boxes = (name: string) => renderPage(SAMPLES[name] ?? fail(), PLAIN).match(/checkbox/g);
  // One box of consent stands there anyway.
  expect(boxes('sign-up')).toHaveLength(1);
  expect(boxes('sign-up, unavailable')).toHaveLength(2);
});

test('an error is said first in the title, where screen readers begin', () => {
  const title = (view: View) => /<title>(.*?)<\/title>/.exec(renderPage(view, PLAIN))?.[1];
  expect(title(SAMPLES['sign-in, wrong'] ?? fail())).toBe('Error: Sign in · Northwind');
  expect(title(SAMPLES['sign-in'] ?? fail())).toBe('Sign in · Northwind');
});

test('each form has one voice for its errors: a summary, or the one field alone', () => {
  const alerts = (name: string) =>
    renderPage(SAMPLES[name] ?? fail(), PLAIN).match(/role="alert"/g)?.length ?? 0;
  expect(alerts('sign-in')).toBe(0);
  expect(alerts('sign-in, wrong')).toBe(1);
  expect(alerts('sign-up, all wrong')).toBe(1);
  expect(alerts('password, wrong')).toBe(1);
});

function fail(): never {
  throw new Error('no such sample');
}
