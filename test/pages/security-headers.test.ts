import { describe, expect, test } from 'vitest';
import { pageHeaders } from '../../functions/pages/security-headers.ts';

function policy(...parameters: Parameters<typeof pageHeaders>): string {
  return pageHeaders(...parameters)['content-security-policy'] ?? '';
}

describe('the content security policy', () => {
  test('allows our style, data images and our own forms, and nothing else', () => {
    expect(policy('abc', [])).toBe(
      "default-src 'none'; style-src 'nonce-abc'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
  });

  test('allows one script by its nonce, only where asked', () => {
    expect(policy('abc', [], { script: true })).toContain("; script-src 'nonce-abc';");
    expect(policy('abc', [], { script: false })).not.toContain('script-src');
  });

  test.each([
    'https://shop.example.com',
    'http://localhost:4010',
    'http://127.0.0.1:*',
    'com.example.app:',
  ])('lets the answer to a form lead to %s', (source) => {
    expect(policy('abc', [source])).toContain(`form-action 'self' ${source};`);
  });

  test('names the scheme alone for the IPv6 loopback, which browsers accept in no other way', () => {
    expect(policy('abc', ['http://[::1]:3000'])).toContain("form-action 'self' http:;");
  });

  test.each([
    "https://a.example; script-src 'unsafe-inline'",
    'https://a.example,default-src *',
    'https://a.example/\nx',
    "'unsafe-inline'",
    '*',
    'https://[2001:db8::1]',
    'https://a.example/path?query',
    '',
  ])('leaves out %j, which is no plain source', (source) => {
    expect(policy('abc', [source])).toContain("form-action 'self';");
  });
});

test('pages are not stored, framed, sniffed or named to others', () => {
  expect(pageHeaders('abc', [])).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
    'permissions-policy': expect.stringContaining('camera=()'),
    'content-type': 'text/html; charset=utf-8',
  });
});
