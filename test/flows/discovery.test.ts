/** Metadata and keys: OIDC Discovery 1.0 §3 and §4, RFC 8414 §2 and §3, RFC 7517 §5, RFC 7638. */
import { calculateJwkThumbprint, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { readAnswer } from './post-form.ts';

const DOCUMENTS = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
] as const;

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud?.close());

async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  return readAnswer(await fetch(new URL(path, cloud.issuer), { headers }));
}

describe.each(DOCUMENTS)('%s', (path) => {
  test('is JSON whose issuer is where it was asked for, character by character (§3.3)', async () => {
    const { status, headers, json } = await get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(json['issuer']).toBe(cloud.issuer);
  });

  test('has every member that is required, and says what it does not support', async () => {
    const { json } = await get(path);
    expect(json).toMatchObject({
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: false,
    });
  });

  test('names only endpoints of the issuer that have a route', async () => {
    const { json } = await get(path);
    const endpoints = Object.entries(json).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    expect(endpoints.length).toBeGreaterThanOrEqual(6);
    for (const [name, value] of endpoints) {
      const url = new URL(String(value));
      expect(url.origin, name).toBe(cloud.issuer);
      const answers = [
        await fetch(url, { redirect: 'manual' }),
        await fetch(url, { method: 'POST' }),
      ];
      expect(
        answers.some(({ status }) => status !== 404),
        name,
      ).toBe(true);
    }
  });

  test('is readable from any origin, cached for a while and revalidated by its tag', async () => {
    const { headers } = await get(path, { origin: 'https://spa.example' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cache-control')).toMatch(/max-age=\d+/);
    const again = await get(path, { 'if-none-match': String(headers.get('etag')) });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
  });
});

test('both documents say the same', async () => {
  const [openid, oauth] = await Promise.all(DOCUMENTS.map((path) => get(path)));
  expect(openid?.json).toEqual(oauth?.json);
});

describe('/oauth2/jwks', () => {
  test('may be kept by who asked, and by caches that serve many for seconds alone', async () => {
    const { headers } = await get('/oauth2/jwks');
    expect(headers.get('cache-control')).toBe('public, max-age=300, s-maxage=10');
  });

  async function readKeys(): Promise<ReadonlyArray<JWK>> {
    const { json } = await get('/oauth2/jwks');
    return json['keys'] as ReadonlyArray<JWK>;
  }

  test('holds one key per algorithm, for signatures', async () => {
    const keys = await readKeys();
    expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'RS256']);
    expect(keys.every(({ use }) => use === 'sig')).toBe(true);
  });

  test('names keys by their thumbprint (RFC 7638)', async () => {
    for (const key of await readKeys()) expect(key.kid).toBe(await calculateJwkThumbprint(key));
  });

  test('never holds a private part', async () => {
    for (const key of await readKeys()) {
      const members = Object.keys(key);
      expect(members).not.toContain('d');
      expect(members).not.toContain('p');
      expect(members).not.toContain('k');
    }
  });

  test('answers with its own media type and may be cached no longer than keys overlap', async () => {
    const { headers } = await get('/oauth2/jwks');
    expect(headers.get('content-type')).toBe('application/jwk-set+json');
    const [, maxAge] = /max-age=(\d+)/.exec(headers.get('cache-control') ?? '') ?? [];
    expect(Number(maxAge)).toBeLessThanOrEqual(300);
  });

  test('costs no AWS call once warm', async () => {
    await readKeys();
    const mark = cloud.mark();
    await readKeys();
    await get(DOCUMENTS[0]);
    expect(cloud.calls(mark)).toEqual([]);
  });
});

describe('/.well-known/evidence-jwks.json', () => {
  const PATH = '/.well-known/evidence-jwks.json';

  test('holds the one key that evidence is checked with, apart from those of tokens', async () => {
    const { headers, json } = await get(PATH);
    expect(headers.get('content-type')).toBe('application/jwk-set+json');
    const [key = {}, ...others] = json['keys'] as ReadonlyArray<JWK>;
    expect(others).toEqual([]);
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key).toMatchObject({ alg: 'ES256', use: 'sig' });
    expect(key.kid).toBe(await calculateJwkThumbprint(key));
    const { json: ofTokens } = await get('/oauth2/jwks');
    expect(JSON.stringify(ofTokens)).not.toContain(String(key.kid));
  });

  test('costs no AWS call once warm', async () => {
    await get(PATH);
    const mark = cloud.mark();
    await get(PATH);
    expect(cloud.calls(mark)).toEqual([]);
  });
});

describe('/health', () => {
  const FAILING = {
    service: 'dynamodb',
    operation: 'Query',
    kind: 'error',
    times: 10,
  } as const;

  test('says that this region serves, and costs no AWS call once warm', async () => {
    await get('/health');
    const mark = cloud.mark();
    const { status, headers, json } = await get('/health');
    expect([status, json]).toEqual([200, { status: 'ok' }]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(cloud.calls(mark)).toEqual([]);
  });

  test('says otherwise a minute after the keys to sign with could last be read', async () => {
    await get('/health');
    cloud.fault(FAILING);
    expect((await get('/health')).status).toBe(200);
    await cloud.advance(61);
    const { status, headers } = await get('/health');
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    cloud.clearFaults();
    expect((await get('/health')).status).toBe(200);
  });
});

test('unknown paths and methods are refused by the API itself', async () => {
  expect((await get('/oauth2/unknown')).status).toBe(404);
  const put = await fetch(new URL(DOCUMENTS[0], cloud.issuer), { method: 'PUT' });
  expect(put.status).toBe(404);
});
