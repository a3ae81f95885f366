import { describe, expect, test } from 'vitest';
import { toEpochSeconds } from '../../functions/core/time.ts';
import { type Mail, renderMail } from '../../functions/pages/mail.ts';

const LINK = 'https://id.example.com/verify?token=eyJhbGciOiJkaXIifQ..x&b=1';
const MAILS: ReadonlyArray<Mail> = [
  { kind: 'confirm-address', productName: 'Northwind', code: '012345', link: LINK, minutes: 10 },
  {
    kind: 'address-known',
    productName: 'Northwind',
    signInUrl: 'https://id.example.com/sign-in',
    recoverUrl: 'https://id.example.com/recover',
  },
  { kind: 'address-resting', productName: 'Northwind', until: toEpochSeconds(1_790_060_000_000) },
  { kind: 'reset-password', productName: 'Northwind', code: '987654', link: LINK, minutes: 1 },
  { kind: 'no-account', productName: 'Northwind', signUpUrl: 'https://id.example.com/sign-up' },
  { kind: 'no-account', productName: 'Northwind' },
  {
    kind: 'password-changed',
    productName: 'Northwind',
    recoverUrl: 'https://id.example.com/recover',
    at: toEpochSeconds(1_790_060_000_000),
  },
  {
    kind: 'erasure-asked',
    productName: 'Northwind',
    erasesAt: toEpochSeconds(1_790_060_000_000),
    keepUrl: 'https://id.example.com/keep-account?token=eu.eyJ',
  },
  {
    kind: 'erasure-asked',
    productName: 'Northwind',
    erasesAt: toEpochSeconds(1_790_060_000_000),
  },
  { kind: 'erasure-undone', productName: 'Northwind' },
  {
    kind: 'erasure-done',
    productName: 'Northwind',
    certificateUrl: 'https://id.example.com/v1/privacy/certificates/eu.abc',
    unreadableFrom: toEpochSeconds(1_790_060_000_000),
  },
];

describe.each(['en', 'de'])('mails in %s', (locale) => {
  test.each(MAILS)('$kind says all it has to say', (mail) => {
    const { subject, text, html } = renderMail(mail, [locale]);
    const placeholder = /\{[a-z]+\}/;
    expect(subject).toContain('Northwind');
    expect(subject).not.toMatch(placeholder);
    expect(text).not.toMatch(placeholder);
    expect(html.replace(/<style>.*<\/style>/s, '')).not.toMatch(placeholder);
    expect(html).toContain(`<html lang="${locale}" dir="ltr">`);
  });

  test.each(MAILS)('$kind loads nothing from anywhere and runs nothing', (mail) => {
    expect(renderMail(mail, [locale]).html).not.toMatch(
      /<img|<script|<link|url\(|@import|\son\w+=/,
    );
  });
});

test('a code is one run of six digits, in the text and in the HTML, never in the subject', () => {
  for (const mail of MAILS) {
    if (!('code' in mail)) continue;
    const { subject, text, html } = renderMail(mail, ['en']);
    expect(text.match(/(?<!\d)\d{6}(?!\d)/g)).toEqual([mail.code]);
    expect(html).toContain(`>${mail.code}<`);
    expect(subject).not.toContain(mail.code);
  }
});

test('a link stands whole and alone on its line', () => {
  const [mail] = MAILS;
  if (mail === undefined) throw new Error('no sample');
  const { text, html } = renderMail(mail, ['en']);
  expect(text.split('\n')).toContain(LINK);
  expect(html).toContain(`href="${LINK.replace('&', '&amp;')}"`);
});

test('lifetimes are counted in the words of the language', () => {
  const texts = MAILS.map((mail) => renderMail(mail, ['de']).text).join('\n');
  expect(texts).toContain('Er gilt 10 Minuten.');
  expect(texts).toContain('Er gilt 1 Minute.');
});

test('the client’s colour dresses the button', () => {
  const [mail] = MAILS;
  if (mail === undefined) throw new Error('no sample');
  expect(renderMail(mail, ['en'], { color: '#c2410c' }).html).toContain('background:#c2410c');
});

test('a hostile name is text, and cannot begin another header', () => {
  const productName = 'Shop\r\nBcc: x@example.com <script>alert(1)</script>';
  const { subject, html } = renderMail({ kind: 'no-account', productName }, ['en']);
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<script');
});

test('a link that is none leads nowhere', () => {
  const signUpUrl = 'javascript:alert(1)';
  const { html } = renderMail({ kind: 'no-account', productName: 'X', signUpUrl }, ['en']);
  expect(html).toContain('href="about:invalid"');
  expect(html).not.toContain('javascript:');
});
