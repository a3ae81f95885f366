import { describe, expect, it } from 'vitest';
import { formatOneTimeCode, normaliseOneTimeCode } from '../../functions/core/one-time-code.ts';

describe('a one-time code', () => {
  it.each([
    [0, '000000'],
    [42, '000042'],
    [999_999, '999999'],
  ])('of number %d is %s', (number, code) => {
    expect(formatOneTimeCode(number)).toBe(code);
  });

  it.each(['123456', ' 123456 ', '123 456', '123-456', '1 2 3 4 5 6', '１２３４５６', '123–456'])(
    'may be typed as %j',
    (typed) => {
      expect(normaliseOneTimeCode(typed)).toBe('123456');
    },
  );

  it.each(['', '12345', '1234567', '12345a', '１２３', '٠١٢٣٤٥', '1'.repeat(65)])(
    'is not %j',
    (typed) => {
      expect(normaliseOneTimeCode(typed)).toBeUndefined();
    },
  );
});
