import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsEmailAddress, normaliseEmailAddress } from '../../functions/core/email-address.ts';
import { ANY_CHARACTER } from '../harness/any-character.ts';

describe('an e-mail address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace+shop@Example.COM ', 'ada.lovelace+shop@example.com'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ａｄａ@example.com', 'ada@example.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s becomes %s', (typed, normalised) => {
    expect(normaliseEmailAddress(typed)).toBe(normalised);
  });

  it.each([
    '',
    'ada',
    '@example.com',
    'ada@',
    'ada@localhost',
    'ada@127.0.0.1',
    'ada@[::1]',
    'ada@-a.example',
    'a da@example.com',
    'ada@exa mple.com',
    '.ada@example.com',
    'ada..b@example.com',
    'ada@example.com\r\nBcc: all@example.com',
    'ada@example.com/path',
    'ada@example.com:25',
    'ada@user@example.com',
    '"ada"@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(130)}example.com`,
  ])('%j is none', (typed) => {
    expect(normaliseEmailAddress(typed)).toBeUndefined();
  });

  it('is normalised once and for all, whatever is typed, and holds nothing but ASCII', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: ANY_CHARACTER }), fc.emailAddress()), (typed) => {
        const address = normaliseEmailAddress(typed);
        if (address === undefined) return;
        expect(normaliseEmailAddress(address)).toBe(address);
        expect(address).toMatch(/^[\x21-\x7e]{3,254}$/);
      }),
    );
  });
});

describe('a sentence', () => {
  it.each([
    'ada@example.com',
    'asked by Ada Lovelace <ada@example.com>, by telephone',
    'letter (mailto:ada@example.com).',
    "from 'ada.l+x@bücher.example'!",
    'ａｄａ＠example.com',
    'ticket 7;ada@example.com;urgent',
    '… wrote “ada@example.com”',
    ...['ada@example.com/ticket', 'ada@example.com=x', 'ada@example.com&bob@example.com'],
    ...['mailto:ada@example.com?subject=x', 'ada@example.com#1', 'ada@example.com…said'],
    ...['ada@example.com_', 'ada\u200b@example.com', 'ada@bücher.example', 'ａｄａ＠example．com'],
  ])('that has an address in it: %s', (text) => {
    expect(holdsEmailAddress(text)).toBe(true);
  });

  it.each([
    'letter of 3 November, ticket 4711',
    'met @ the counter',
    'ada@localhost',
    'price: 3 @ 5.00 EUR',
    '@example.com',
    '',
  ])('that has none: %s', (text) => {
    expect(holdsEmailAddress(text)).toBe(false);
  });

  it('is looked through whatever stands around the address', () => {
    fc.assert(
      fc.property(fc.string({ unit: ANY_CHARACTER }), fc.string(), (before, after) => {
        expect(holdsEmailAddress(`${before}ada@example.com${after}`)).toBe(true);
      }),
    );
  });
});
