import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findAnswerableState,
  isUnanswerable,
  toQuery,
} from '../../functions/core/authorization-parameter-limits.ts';
import { parseAuthorizationRequest } from '../../functions/core/authorization-parameters.ts';
import { OAuthError } from '../../functions/core/errors.ts';
import { Parameters } from '../../functions/http/parameters.ts';
import { ANY_CHARACTER } from '../harness/any-character.ts';
import { clientWith, NOW } from './client-fixtures.ts';

const ISSUER = 'https://id.example';
const API = 'https://api.example/';
const CLIENT = clientWith({ domicile_audiences: [API, 'urn:example:files'] });
const SOUND = {
  client_id: 'app',
  redirect_uri: 'https://app.example/callback',
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
};

/** A list is a parameter that is sent several times. */
type Changes = Readonly<Record<string, string | ReadonlyArray<string>>>;

/** The query of a sound request, changed as given. */
function queryOf(changes: Changes = {}): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries({ ...SOUND, ...changes })) {
    for (const value of [values].flat()) query.append(name, value);
  }
  return query.toString();
}

const parse = (query: string) =>
  parseAuthorizationRequest(Parameters.parse(query), CLIENT, { issuer: ISSUER, now: NOW });

function refusalOf(changes: Changes): Pick<OAuthError, 'code' | 'detail'> {
  try {
    parse(queryOf(changes));
  } catch (error) {
    if (error instanceof OAuthError) return { code: error.code, detail: error.detail };
    throw error;
  }
  throw new Error('it was accepted');
}

describe('an authorization request that nobody can be answered about', () => {
  it.each(['client_id', 'redirect_uri'])('sends %s twice, wherever it stands', (name) => {
    const twice = [SOUND['client_id'], 'other'];
    const others = { scope: ['openid', 'email'] };
    expect(isUnanswerable(Parameters.parse(queryOf({ ...others, [name]: twice })))).toBe(true);
    expect(isUnanswerable(Parameters.parse(queryOf(others)))).toBe(false);
  });

  it.each([
    ['client_id', 129],
    ['redirect_uri', 2049],
  ])('has a %s of %i characters', (name, length) => {
    expect(isUnanswerable(Parameters.parse(queryOf({ [name]: 'x'.repeat(length) })))).toBe(true);
  });
});

describe('what is too much', () => {
  it.each<[string, Changes, string]>([
    ['a parameter twice', { scope: ['openid', 'email'] }, 'a parameter is repeated'],
    ['a state of 2049 characters', { state: 's'.repeat(2049) }, 'state is too long'],
    ['a state with other letters', { state: 'zurück' }, 'state is not printable ASCII'],
    ['a state with a line break', { state: 'a\nb' }, 'state is not printable ASCII'],
    [
      'resources of 1025 characters together',
      { resource: ['r'.repeat(1000), 'r'.repeat(25)] },
      'resource is too long',
    ],
    [
      'quotes that JSON escapes',
      { state: '"'.repeat(2048), nonce: 'n'.repeat(10) },
      'the parameters are too long together',
    ],
    [
      'letters that a URL escapes',
      { id_token_hint: ','.repeat(2800) },
      'the parameters are too long together',
    ],
  ])('is %s', (_, changes, detail) => {
    expect(refusalOf(changes)).toEqual({ code: 'invalid_request', detail });
  });

  it('is not a state of 2048 printable characters (RFC 6749 A.5)', () => {
    const state = Array.from({ length: 2048 }, (_, n) => String.fromCharCode(0x20 + (n % 95))).join(
      '',
    );
    expect(parse(queryOf({ state })).state).toBe(state);
  });

  it('never leads to a Location beyond what HTTP API carries', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: ANY_CHARACTER, maxLength: 3000 }),
        fc.string({ unit: ANY_CHARACTER, maxLength: 600 }),
        fc.string({ maxLength: 6500 }),
        (state, nonce, hint) => {
          const parameters = Parameters.parse(
            queryOf({ state, nonce, id_token_hint: hint, junk: 'x'.repeat(9000) }),
          );
          const answerable = new URLSearchParams({ state: findAnswerableState(parameters) ?? '' });
          expect(answerable.toString().length).toBeLessThan(6200);
          try {
            parse(queryOf({ state, nonce, id_token_hint: hint }));
          } catch {
            return;
          }
          expect(toQuery(parameters).length).toBeLessThanOrEqual(8192);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a posted request goes on as a query', () => {
  it('of what we understand alone, and says the same', () => {
    const sent = queryOf({
      state: 'a b&c',
      resource: [API, 'urn:example:files'],
      junk: 'x'.repeat(99),
    });
    const query = toQuery(Parameters.parse(sent));
    expect(query).not.toContain('junk');
    expect(parse(query)).toEqual(parse(sent));
  });
});

describe('resources (RFC 8707 §2)', () => {
  it('are kept as asked for, each once', () => {
    const { resources } = parse(queryOf({ resource: [API, '', API, ISSUER] }));
    expect(resources).toEqual([API, ISSUER]);
    expect(parse(queryOf())).not.toHaveProperty('resources');
  });

  it.each(['https://other.example/', `${API}#x`, 'api', 'https://api.example'])(
    'are refused when they are not the client’s: %s',
    (resource) => {
      expect(refusalOf({ resource: [API, resource] }).code).toBe('invalid_target');
    },
  );
});
