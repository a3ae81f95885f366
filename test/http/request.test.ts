import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HttpError } from '../../functions/core/errors.ts';
import { clearCookie, cookieName, parseCookies, setCookie } from '../../functions/http/cookies.ts';
import { readJson } from '../../functions/http/json-body.ts';
import { Parameters } from '../../functions/http/parameters.ts';
import { parseRequest } from '../../functions/http/request.ts';
import { eventOf, FORM, type Sent } from './events.ts';

function statusOf(sent: Sent): number {
  try {
    parseRequest(eventOf(sent));
    return 200;
  } catch (error) {
    return error instanceof HttpError ? error.status : 500;
  }
}

describe('a request', () => {
  it('is read with its form, whether base64 or not, in any case of the media type', () => {
    const plain = parseRequest(eventOf({ body: 'a=1&b=%C3%A4+%2B', headers: FORM }));
    const encoded = parseRequest(
      eventOf({
        body: Buffer.from('a=1&b=%C3%A4+%2B').toString('base64'),
        isBase64Encoded: true,
        headers: { 'Content-Type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' },
      }),
    );
    for (const { form } of [plain, encoded]) {
      expect([form.find('a'), form.find('b')]).toEqual(['1', 'ä +']);
    }
  });

  it.each([
    ['JSON', 415, { body: '{}', headers: { 'content-type': 'application/json' } }],
    ['a body without a type', 415, { body: 'a=1' }],
    ['a body over 64 kB', 413, { body: `a=${'x'.repeat(65_536)}`, headers: FORM }],
    ['a body that is not UTF-8', 400, { body: '/w==', isBase64Encoded: true, headers: FORM }],
    ['more than 100 parameters', 400, { body: 'a=1&'.repeat(101), headers: FORM }],
    ['no body', 200, {}],
    ['an empty body of any type', 200, { body: '', headers: { 'content-type': 'text/plain' } }],
    ['64 kB exactly', 200, { body: `a=${'x'.repeat(65_534)}`, headers: FORM }],
    ['a GET with a body, which means nothing', 200, { routeKey: 'GET /form', body: '{}' }],
  ])('with %s is answered %i', (_what, status, sent) => {
    expect(statusOf(sent)).toBe(status);
  });

  it('never fails on our side, whatever bytes it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.array(fc.string()), (bytes, query, cookies) => {
        const body = Buffer.from(bytes).toString('base64');
        const status = statusOf({ body, isBase64Encoded: true, query, cookies, headers: FORM });
        expect([200, 400]).toContain(status);
      }),
    );
  });
});

describe('parameters', () => {
  it('hold what was encoded, in any text', () => {
    const pairs = fc.uniqueArray(
      fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })),
      { selector: ([name]) => name, maxLength: 20 },
    );
    fc.assert(
      fc.property(pairs, (entries) => {
        fc.pre(entries.flat().every((text) => text.isWellFormed()));
        const parsed = Parameters.parse(new URLSearchParams(entries).toString());
        for (const [name, value] of entries) expect(parsed.text(name)).toBe(value);
        expect(parsed.findRepeated()).toBeUndefined();
      }),
    );
  });

  it('name what is repeated, but for what may be', () => {
    const parsed = Parameters.parse('resource=1&resource=2&a=1&a=2');
    expect(parsed.findRepeated(['resource'])).toBe('a');
    expect(parsed.all('resource')).toEqual(['1', '2']);
  });

  it('treat an empty value as omitted (RFC 6749 §3.1)', () => {
    expect(Parameters.parse('a=').find('a')).toBeUndefined();
  });
});

describe('cookies', () => {
  it('are pinned to the host over https, and plain on a local issuer', () => {
    expect(cookieName('session', 'https://id.example')).toBe('__Host-session');
    expect(cookieName('session', 'http://localhost:4000')).toBe('session');
    expect(
      setCookie('__Host-session', 'x', { issuer: 'https://id.example', maxAgeSeconds: 60 }),
    ).toBe('__Host-session=x; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60');
    expect(clearCookie('session', { issuer: 'http://localhost:4000' })).toBe(
      'session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
    );
  });

  it('are read by name, the first one counts', () => {
    const cookies = parseCookies(['a=1', 'b=x=y', 'a=2', 'nonsense', '=z']);
    expect([...cookies]).toEqual([
      ['a', '1'],
      ['b', 'x=y'],
    ]);
  });
});

describe('a JSON body', () => {
  const JSON_BODY = { 'content-type': 'application/json' };
  const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  const read = (body: string) => {
    const { json } = parseRequest(eventOf({ body, headers: JSON_BODY }), undefined, 'json');
    return json;
  };

  it('is read as deep as anybody needs, and refused beyond: no stack ends by it', () => {
    expect(read(nested(32))).toEqual(JSON.parse(nested(32)));
    expect(read(`{"a":[${'1,'.repeat(30_000)}1]}`)).toHaveProperty('a');
    for (const body of [
      nested(33),
      nested(30_000),
      `{"data":${'{"a":'.repeat(40)}1${'}'.repeat(41)}`,
    ]) {
      expect(() => read(body)).toThrow(expect.objectContaining({ status: 400 }));
    }
  });

  it('that is not as it should be is refused without a word of what it says', () => {
    const json = { topics: { 'ada@example.com': { email: 'yes' } } };
    const schema = z.strictObject({
      topics: z.record(z.string(), z.partialRecord(z.enum(['email']), z.boolean())),
    });
    const request = { ...parseRequest(eventOf({})), json };
    expect(() => readJson(request, schema)).toThrow(/not as it should be: topics$/);
  });
});
