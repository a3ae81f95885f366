import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRequestUri, toRequestUri } from '../../functions/core/pushed-request.ts';

const URN = 'urn:ietf:params:oauth:request_uri:';

describe('a request_uri (RFC 9126 §2.2)', () => {
  it('is a URN that names its cell', () => {
    expect(toRequestUri({ cell: 'eu', reference: 'abc' })).toBe(`${URN}eu.abc`);
  });

  it('reads as what it was made of', () => {
    const cell = fc.stringMatching(/^[a-z][a-z0-9]{1,7}$/);
    const reference = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}(\.[A-Za-z0-9_-]{1,300})?$/);
    fc.assert(
      fc.property(cell, reference, (c, r) => {
        const pushed = { cell: c, reference: r };
        expect(readRequestUri(toRequestUri(pushed))).toEqual(pushed);
      }),
    );
  });

  it.each([
    'https://app.example/request.jwt',
    URN,
    `${URN}eu`,
    `${URN}eu.`,
    `${URN}.abc`,
    `${URN}EU.abc`,
    `${URN}eu.a b`,
    `${URN}eu.a.`,
    `${URN}eu.a.b c`,
    `${URN}eu.a.b.c`,
    `${URN}eu.a.${'b'.repeat(2201)}`,
    `${URN}eu.${'a'.repeat(129)}`,
    `x${URN}eu.abc`,
  ])('is not %s', (other) => {
    expect(readRequestUri(other)).toBeUndefined();
  });

  it('is never read of nonsense, and never fails over it', () => {
    fc.assert(fc.property(fc.string(), (text) => readRequestUri(text) === undefined));
  });
});
