import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEmailAddress } from '../../functions/core/email-address.ts';

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
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (typed) => {
        const address = normaliseEmailAddress(typed);
        if (address === undefined) return;
        expect(normaliseEmailAddress(address)).toBe(address);
        expect(address).toMatch(/^[\x21-\x7e]{3,254}$/);
      }),
    );
  });
});
