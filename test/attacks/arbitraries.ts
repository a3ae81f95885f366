import fc from 'fast-check';
import { ANY_CHARACTER } from '../harness/any-character.ts';
import type { RawRequest } from './raw-request.ts';

/** Names that mean something at one route or another, so that values get past the first check. */
const PARAMETERS = [
  ...['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'grant_type'],
  ...['code', 'code_verifier', 'redirect_uri', 'refresh_token', 'scope', 'resource', 'token'],
  ...['token_type_hint', 'access_token', 'response_type', 'response_mode', 'state', 'nonce'],
  ...['prompt', 'max_age', 'login_hint', 'ui_locales', 'id_token_hint', 'code_challenge'],
  ...['code_challenge_method', 'request', 'request_uri', 'registration', 'form', 'email'],
  ...['password', 'current', 'terms', 'decision', 'session', 'post_logout_redirect_uri', 'sent'],
  ...['at', 'choose', 'country', 'cell', 'settled', 'places', 'language'],
  ...['wait', 'pause', 'notice', '__proto__', 'constructor', 'toString'],
];

const SENSIBLE = [
  ...['authorization_code', 'refresh_token', 'client_credentials', 'code', 'S256', 'none login'],
  ...['openid offline_access', 'accepted', 'allow', 'others', '0', '-1', '1e9', '[object Object]'],
  'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  ...['eu', 'us', 'other', 'DE', 'us.never-issued', 'xx.', '.', 'eu.us.eu'],
  'urn:ietf:params:oauth:request_uri:us.never-pushed',
];

/** A letter of a path, as RFC 3986 §3.3 has it: `pchar`. */
const PATH_LETTER = fc.oneof(
  fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
  fc.constantFrom(..."-._~!$&'()*+,;=:@"),
  ANY_CHARACTER.map(encodeURIComponent),
);

/** What `fc.webUrl` draws. Its own letters of paths take most of a second to make. */
const WEB_URL = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.webAuthority(),
    fc.array(fc.string({ unit: PATH_LETTER }), { maxLength: 5 }),
  )
  .map(([scheme, authority, segments]) => [`${scheme}://${authority}`, ...segments].join('/'));

/** Values that know what they pretend to be: tokens, codes, sealed states, and near misses. */
function pretendedValue(known: ReadonlyArray<string>): fc.Arbitrary<string> {
  const real = fc.constantFrom(...known, ...SENSIBLE);
  const mangled = fc
    .tuple(real, fc.nat(), fc.string({ maxLength: 3, unit: ANY_CHARACTER }))
    .map(([value, at, inserted]) => {
      const index = at % (value.length + 1);
      return `${value.slice(0, index)}${inserted}${value.slice(index + inserted.length)}`;
    });
  const segment = fc.oneof(
    fc.base64String({ maxLength: 40 }),
    fc.json({ maxDepth: 2 }).map((json) => Buffer.from(json).toString('base64url')),
    fc.string({ maxLength: 20 }),
  );
  const dotted = fc
    .array(segment, { minLength: 2, maxLength: 6 })
    .map((segments) => segments.join('.'));
  return fc.oneof(real, mangled, dotted, fc.string({ unit: ANY_CHARACTER, maxLength: 60 }));
}

/** `name=value` pairs: encoded as they should be, or not at all. */
function encodedPairs(known: ReadonlyArray<string>): fc.Arbitrary<string> {
  const name = fc.oneof(fc.constantFrom(...PARAMETERS), fc.string({ maxLength: 12 }));
  const pairs = fc.array(fc.tuple(name, pretendedValue(known)), { maxLength: 8 });
  return fc.oneof(
    { weight: 4, arbitrary: pairs.map((list) => new URLSearchParams(list).toString()) },
    { weight: 1, arbitrary: pairs.map((list) => list.map((pair) => pair.join('=')).join('&')) },
    { weight: 1, arbitrary: fc.string({ maxLength: 80 }) },
  );
}

/** What may stand in a header's value: bytes, but for the control characters that end it. */
function headerValue(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return value.map((text) =>
    [...Buffer.from(text).toString('latin1')]
      .map((letter) => (/[^\t\x20-\x7e\x80-\xff]/.test(letter) ? '?' : letter))
      .join(''),
  );
}

function headers(
  cookies: ReadonlyArray<string>,
  known: ReadonlyArray<string>,
): fc.Arbitrary<Record<string, string>> {
  const value = headerValue(pretendedValue(known));
  const cookie = fc
    .array(fc.tuple(fc.constantFrom(...cookies, '__Host-session', ''), value), { maxLength: 4 })
    .map((pairs) => pairs.map((pair) => pair.join('=')).join('; '));
  const basic = fc.oneof(value, fc.base64String({ maxLength: 40 })).map((text) => `Basic ${text}`);
  const bearer = value.map((text) => `Bearer ${text}`);
  return fc.record(
    {
      cookie: fc.oneof(cookie, value),
      authorization: fc.oneof(basic, bearer, value),
      'content-type': fc.oneof(
        { weight: 5, arbitrary: fc.constant('application/x-www-form-urlencoded') },
        { weight: 1, arbitrary: value },
      ),
      origin: fc.oneof(fc.constant('null'), WEB_URL, value),
      'sec-fetch-site': fc.oneof(fc.constantFrom('same-origin', 'cross-site', 'none'), value),
      'accept-language': value,
      'if-none-match': value,
      'user-agent': value,
    },
    { requiredKeys: [] },
  );
}

/** Anything at all that HTTP can carry, at one of these routes. `known` are values that exist. */
export function requestToOneOf(
  routeKeys: ReadonlyArray<string>,
  cookies: ReadonlyArray<string>,
  known: ReadonlyArray<string>,
): fc.Arbitrary<RawRequest> {
  const query = fc.oneof(
    encodedPairs(known),
    fc.string({ maxLength: 40 }).map((text) => `%${text}`),
  );
  const body = fc.oneof(
    { weight: 5, arbitrary: encodedPairs(known).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
  // Made once for all routes: with their alphabets they take longer to make than to draw from.
  const sent = headers(cookies, known);
  const requests = routeKeys.map((routeKey) => {
    const [method = '', path = ''] = routeKey.split(' ');
    return fc.record({
      method: fc.constant(method),
      target: fc.tuple(fc.constant(path), query).map(([before, after]) => toTarget(before, after)),
      headers: sent,
      body: method === 'POST' ? body : fc.constant(Buffer.alloc(0)),
    });
  });
  return fc.oneof(...requests);
}

/** A request line holds no blanks and nothing beyond ASCII; everything else goes through as it is. */
function toTarget(path: string, query: string): string {
  const sent = query.replace(/[^\x21-\x7e]/g, (letter) =>
    encodeURIComponent(letter.toWellFormed()),
  );
  return sent === '' ? path : `${path}?${sent.replaceAll('#', '')}`;
}

/** Text as somebody, or something, might put into one field of a form. */
export const TYPED_TEXT: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: ANY_CHARACTER, maxLength: 400 }),
  fc.emailAddress(),
  fc.stringMatching(/^[0-9]{6}$/),
  fc.constantFrom('', ' ', '\0', '\r\nset-cookie: a=b', '<script>', '../..', '%00', '𝟙𝟚𝟛𝟜𝟝𝟞'),
);
