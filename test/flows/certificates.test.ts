/** A certificate of erasure: what it says, in which forms, and who can check it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../bin/certificates/command.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { rest } from './rest.ts';
import { untilCertified } from './told-processors.ts';

let cloud: TestCloud;
let certified: Awaited<ReturnType<typeof untilCertified>>;

beforeAll(async () => {
  cloud = await startTestCloud();
  certified = await untilCertified(cloud);
});
afterAll(() => cloud?.close());

/** `npm run verify-certificate`, and what it prints. */
async function verify(...args: ReadonlyArray<string>) {
  const program = resolve(import.meta.dirname, '../../bin/verify-certificate.ts');
  const run = promisify(execFile)(process.execPath, [program, ...args]);
  return run.then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    ({ code, stderr }) => ({ code: Number(code), text: String(stderr) }),
  );
}

interface Published {
  readonly claims: { readonly erasure: Readonly<Record<string, unknown>> };
  readonly jws: string;
}

describe('a certificate', () => {
  test('says what was deleted where and when, and is signed by the evidence key', async () => {
    const { sub, requestId, certificateId, person } = certified;
    const { status, json, headers } = await rest<Published>(
      cloud,
      `GET /v1/privacy/certificates/${certificateId}`,
    );
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('private');
    const jwks = createRemoteJWKSet(new URL('/.well-known/evidence-jwks.json', cloud.issuer));
    const { payload } = await jwtVerify(json.jws, jwks, {
      issuer: cloud.issuer,
      subject: sub,
      typ: 'erasure-certificate+jwt',
    });
    expect(payload.jti).toBe(certificateId);
    expect(payload).toEqual(json.claims);
    expect(json.claims.erasure).toMatchObject({
      requestId,
      requestedBy: 'person',
      deleted: {
        cell: 'eu',
        region: 'eu-central-1',
        table: 'domicile-data-eu',
        items: { ACCOUNT: 1, PASSWORD: 1 },
      },
      key: { table: 'domicile-keys-eu' },
    });
    expect(JSON.stringify(json)).not.toContain(person.email);
  });

  test('comes as a bare JWS to who asks for that', async () => {
    const { certificateId } = certified;
    const response = await fetch(`${cloud.issuer}/v1/privacy/certificates/${certificateId}`, {
      headers: { accept: 'application/jwt' },
    });
    expect(response.headers.get('content-type')).toBe('application/jwt');
    expect(decodeProtectedHeader(await response.text()).alg).toBe('ES256');
  });

  test('is a page to browsers, in their language, that leads to its other forms', async () => {
    const { certificateId, sub, requestId } = certified;
    const url = `${cloud.issuer}/v1/privacy/certificates/${certificateId}`;
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const headers = { accept, 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' };
    const page = await fetch(url, { headers });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const html = await page.text();
    for (const said of ['lang="de"', certificateId, sub, 'Mail House', 'href="?format=json"']) {
      expect(html).toContain(said);
    }
    expect(html).not.toContain(requestId);
    const english = await fetch(`${url}?language=en`, { headers });
    expect(await english.text()).toContain('<html lang="en"');
    const json = await fetch(`${url}?format=json`, { headers });
    const plain = await fetch(url);
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(await json.text()).toBe(await plain.text());
    const jws = await fetch(`${url}?format=jwt`, { headers });
    expect(jws.headers.get('content-type')).toBe('application/jwt');
    expect(decodeProtectedHeader(await jws.text()).alg).toBe('ES256');
  });

  test.each(['eu.AAAAAAAAAAAAAAAAAAAAAA', 'us.AAAAAAAAAAAAAAAAAAAAAA', 'x', 'eu.CERTIFICATE%23x'])(
    'is nothing that one could guess: %s',
    async (id) => {
      const { status } = await rest(cloud, `GET /v1/privacy/certificates/${id}`);
      expect(status).toBe(404);
    },
  );

  test('is checked by the verifier, which says in words what it proves', async () => {
    const { certificateId, sub } = certified;
    const url = `${cloud.issuer}/v1/privacy/certificates/${certificateId}`;
    const checked = await verify(url);
    expect(checked.code).toBe(0);
    for (const said of [
      'VALID',
      cloud.issuer,
      certificateId,
      sub,
      'domicile-data-eu',
      'Mail House',
    ]) {
      expect(checked.text).toContain(said);
    }
    const file = join(await mkdtemp(join(tmpdir(), 'certificate-')), 'certificate.json');
    const { json } = await rest<Published>(cloud, `GET /v1/privacy/certificates/${certificateId}`);
    await writeFile(file, JSON.stringify(json));
    expect((await verifyCommand([file, '--issuer', `${cloud.issuer}/`])).code).toBe(0);
    const another = ['--issuer', cloud.issuer.replace('localhost', '127.0.0.1')];
    const others = await verifyCommand([file, ...another]);
    expect([others.code, others.text]).toEqual([1, expect.stringContaining('NOT VALID')]);
    const [header, payload = '', signature] = json.jws.split('.');
    const changed = Buffer.from(payload, 'base64url')
      .toString()
      .replace('"ACCOUNT":1', '"ACCOUNT":2');
    await writeFile(
      file,
      [header, Buffer.from(changed).toString('base64url'), signature].join('.'),
    );
    const forged = await verify(file);
    expect([forged.code, forged.text]).toEqual([1, expect.stringContaining('signature is wrong')]);
    await writeFile(file, 'no certificate');
    expect((await verifyCommand([file])).code).toBe(1);
    await rm(dirname(file), { recursive: true });
  });

  test.each([
    [],
    ['/nowhere/at/all'],
    ['a', 'b'],
    ['--more'],
    ['ftp://x'],
    ['http://example.com/x'],
  ])(
    'takes a file or an address: %j is refused with one sentence and exit code 2',
    async (...args) => {
      const { code, text } = await verifyCommand(args);
      expect(code).toBe(2);
      expect(text.split('\n')).toHaveLength(2);
    },
  );

  test('is not checked by a command line that is wrong: the process ends with 2', async () => {
    const { code, text } = await verify('--more');
    expect([code, text]).toEqual([
      2,
      expect.stringMatching(/^verify-certificate: .+\nTry --help\.\n$/s),
    ]);
  });

  test('is mailed, in the last mail of all; then nothing knows the address', async () => {
    const { person, certificateId, requestId } = certified;
    const mail = cloud.requireMail(person.email);
    expect(mail.subject).toContain('has been deleted');
    expect(mail.links).toContain(`${cloud.issuer}/v1/privacy/certificates/${certificateId}`);
    for (const table of ['records', 'keys'] as const) {
      const left = (await cloud.items(table)).filter(({ pk }) => pk === `REQUEST#${requestId}`);
      expect(left.map(({ sk }) => sk)).not.toContain('CONTACT');
      expect(left.map(({ sk }) => sk)).not.toContain('KEY');
    }
  });
});
