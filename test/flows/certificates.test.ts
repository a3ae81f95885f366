/** Processors on the way to a certificate of erasure, what it says, and who can check it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCommand } from '../../bin/certificates/command.ts';
import { answerLocally } from '../../examples/processor/local-events.ts';
import { answer, type Store } from '../../examples/processor/processor.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  askForErasure,
  createOperator,
  DAY,
  type OperatorClient,
  requestOf,
  runOf,
  runTo,
} from './erasure-asking.ts';
import { type RestPerson, rest, signedInWithToken } from './rest.ts';

let cloud: TestCloud;
let operator: OperatorClient;
/** Processors have been told of both, and no test answers in their name. */
let asked: Asked;
let other: Asked;
/** What is read here alone, at its place in the quarantine. */
let certified: Awaited<ReturnType<typeof untilCertified>>;

beforeAll(async () => {
  cloud = await startTestCloud();
  operator = await createOperator(cloud);
  certified = await untilCertified();
  // Last: tests that read these come first, before others move the clock past reminders.
  [asked, other] = [await ask(), await ask()];
  for (const { requestId } of [asked, other]) await runTo(cloud, requestId, 'TellProcessors');
  await cloud.advance(1);
});
afterAll(() => cloud?.close());

interface Told {
  readonly requestId: string;
  readonly sub: string;
  readonly processorId: string;
  readonly acknowledgement: string;
}

/** What a processor was told, the newest last. */
function toldOf(requestId: string, processorId?: string): ReadonlyArray<Told> {
  return cloud
    .events()
    .map(({ detail }) => detail as Told)
    .filter((told) => told.requestId === requestId)
    .filter((told) => processorId === undefined || told.processorId === processorId);
}

async function acknowledge(acknowledgement: string, more: object = {}) {
  return rest(cloud, 'POST /v1/privacy/acknowledgements', { body: { acknowledgement, ...more } });
}

type Asked = RestPerson & { readonly requestId: string };

async function ask(): Promise<Asked> {
  const person = await signedInWithToken(cloud);
  const { requestId } = await askForErasure(cloud, person);
  return { ...person, requestId };
}

/** Somebody whose processors have been told. */
async function untilTold(): Promise<Asked> {
  const person = await ask();
  await runTo(cloud, person.requestId, 'TellProcessors');
  await cloud.advance(1);
  return person;
}

async function untilCertified() {
  const person = await untilTold();
  for (const { acknowledgement } of toldOf(person.requestId)) await acknowledge(acknowledgement);
  await runTo(cloud, person.requestId, 'WaitQuarantine');
  const certificateId = String((await requestOf(cloud, person.requestId))?.['certificateId']);
  return { ...person, certificateId };
}

async function evidenceOf(requestId: string) {
  return operator.call(`GET /v1/admin/privacy/requests/${requestId}`);
}

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

describe('processors', () => {
  test('are told who, by ids alone, and with a word that is theirs', async () => {
    const { requestId, sub, person } = asked;
    const told = toldOf(requestId);
    expect(told.map(({ processorId }) => processorId).toSorted()).toEqual([
      'analytics-house',
      'mail-house',
    ]);
    for (const event of told) {
      expect(Object.keys(event).toSorted()).toEqual([
        'acknowledgement',
        'processorId',
        'requestId',
        'sub',
      ]);
      expect(event.sub).toBe(sub);
      expect(JSON.stringify(event)).not.toContain(person.email);
    }
    expect(new Set(told.map(({ acknowledgement }) => acknowledgement)).size).toBe(2);
  });

  test('that forge a word, or use one of another request or processor, are told nothing', async () => {
    const [mine] = toldOf(asked.requestId, 'mail-house');
    const word = mine?.acknowledgement ?? '';
    const [cell, , , secret] = word.split('.');
    const forged = [
      `${cell}.${asked.requestId}.analytics-house.${secret}`,
      `${cell}.${other.requestId}.mail-house.${secret}`,
      `${cell}.${asked.requestId}.mail-house.${'A'.repeat(22)}`,
      `us.${word.slice(3)}`,
      `${word}x`,
      word.slice(3),
      'x',
      `${cell}.REQUEST#1.mail-house.${secret}`,
    ];
    for (const acknowledgement of forged) {
      const { status, json } = await acknowledge(acknowledgement);
      expect([status, json['detail']]).toEqual([404, 'there is no such acknowledgement']);
    }
    for (const body of [
      undefined,
      {},
      { acknowledgement: 7 },
      { acknowledgement: word, more: 1 },
    ]) {
      expect((await rest(cloud, 'POST /v1/privacy/acknowledgements', { body })).status).toBe(400);
    }
    const data = 'x'.repeat(49 * 1024);
    expect((await acknowledge(word, { data })).status).toBe(413);
    const { json } = await evidenceOf(asked.requestId);
    expect(JSON.stringify(json['processors'])).not.toContain('acknowledgedAt');
  });

  test('never see the task that waits, and neither does anybody who reads the table', async () => {
    const { requestId } = asked;
    const [told] = toldOf(requestId, 'mail-house');
    const items = await cloud.items('records');
    const stored = JSON.stringify(items.filter(({ pk }) => pk === `REQUEST#${requestId}`));
    const secret = told?.acknowledgement.split('.').at(-1) ?? '';
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from('arn:aws:states').toString('base64url').slice(0, 12));
  });

  test('are waited for: each acknowledges for itself, once or more often', async () => {
    const { requestId } = await untilTold();
    const [mail, analytics] = ['mail-house', 'analytics-house'].map(
      (id) => toldOf(requestId, id)[0]?.acknowledgement ?? '',
    );
    expect((await acknowledge(mail ?? '')).json).toEqual({ requestId, processorId: 'mail-house' });
    await cloud.advance(1);
    expect((await requestOf(cloud, requestId))?.['certificateId']).toBeUndefined();
    const { json: before } = await evidenceOf(requestId);
    expect(before['state']).toBe('awaiting-processors');
    expect((await acknowledge(mail ?? '')).status).toBe(200);
    expect((await acknowledge(analytics ?? '')).status).toBe(200);
    await cloud.advance(1);
    expect((await requestOf(cloud, requestId))?.['certificateId']).toMatch(/^eu\.[\w-]{22}$/);
    // Still 200, long after.
    expect((await acknowledge(analytics ?? '')).status).toBe(200);
  });

  test('are told again each day by the same word, and are overdue in the end, which all can see', async () => {
    const { requestId } = await untilTold();
    await acknowledge(toldOf(requestId, 'mail-house')[0]?.acknowledgement ?? '');
    await cloud.advance(DAY);
    await cloud.advance(DAY);
    const reminded = toldOf(requestId, 'analytics-house');
    expect(reminded.length).toBeGreaterThanOrEqual(3);
    expect(new Set(reminded.map(({ acknowledgement }) => acknowledgement)).size).toBe(1);
    // The one that has acknowledged is left alone.
    expect(toldOf(requestId, 'mail-house')).toHaveLength(1);
    await runTo(cloud, requestId, 'WaitQuarantine');
    const { json } = await evidenceOf(requestId);
    expect(json['processors']).toEqual([
      expect.objectContaining({ processorId: 'analytics-house', overdueAt: expect.any(String) }),
      expect.objectContaining({ processorId: 'mail-house', acknowledgedAt: expect.any(String) }),
    ]);
    const counted = cloud.logs().map(({ message }) => JSON.stringify(message));
    const overdue = (await cloud.items('records')).filter((item) => 'overdueAt' in item);
    expect(counted.filter((line) => line.includes('"ProcessorOverdue":1'))).toHaveLength(
      overdue.length,
    );
    // Late, and noted all the same.
    const late = await acknowledge(reminded[0]?.acknowledgement ?? '');
    expect(late.status).toBe(200);
    const { json: after } = await evidenceOf(requestId);
    expect(JSON.stringify(after['processors'])).toMatch(/analytics-house.*acknowledgedAt.*mail/);
    const certificate = await rest<Published>(
      cloud,
      `GET /v1/privacy/certificates/${String(json['certificateId'])}`,
    );
    expect(certificate.json.claims.erasure['processors']).toContainEqual(
      expect.objectContaining({ id: 'analytics-house', overdueSince: expect.any(String) }),
    );
  });

  test.each(['crash-before', 'crash-after'] as const)(
    'are told, and their answer counts, although every call on the way ends in a %s once',
    async (kind) => {
      const person = await signedInWithToken(cloud);
      const { requestId } = await askForErasure(cloud, person);
      await runTo(cloud, requestId, 'Quarantine');
      for (const [service, operation] of [
        ['events', 'PutEvents'],
        ['dynamodb', 'Query'],
      ] as const) {
        cloud.fault({ service, operation, kind });
      }
      await runTo(cloud, requestId, 'TellProcessors');
      await cloud.advance(600);
      const words = new Set(toldOf(requestId).map(({ acknowledgement }) => acknowledgement));
      expect(words.size).toBe(2);
      for (const acknowledgement of words) {
        for (const [service, operation] of [
          ['dynamodb', 'UpdateItem'],
          ['dynamodb', 'PutItem'],
          ['states', 'SendTaskSuccess'],
        ] as const) {
          cloud.fault({ service, operation, kind });
          await acknowledge(acknowledgement);
          cloud.clearFaults();
        }
        expect((await acknowledge(acknowledgement)).status).toBe(200);
      }
      await runTo(cloud, requestId, 'WaitQuarantine');
      const { json } = await evidenceOf(requestId);
      expect(JSON.stringify(json['processors']).match(/acknowledgedAt/g)).toHaveLength(2);
    },
  );
});

describe('the example of a processor', () => {
  test('deletes what it holds and acknowledges, again for each reminder, and leaves others’ events alone', async () => {
    const { requestId, sub } = await untilTold();
    const store: Store = new Map([[sub, [{ mail: 'newsletter' }]]]);
    const settings = { processorId: 'mail-house', issuer: cloud.issuer, store };
    for (const { detailType, detail } of cloud.events()) {
      const told = detail as Told;
      if (told.requestId === requestId)
        await answer({ 'detail-type': detailType, detail: told }, settings);
    }
    expect(store.size).toBe(0);
    const { json } = await evidenceOf(requestId);
    expect(json['processors']).toEqual([
      expect.not.objectContaining({ acknowledgedAt: expect.any(String) }),
      expect.objectContaining({ processorId: 'mail-house', acknowledgedAt: expect.any(String) }),
    ]);
  });
});

test('npm run processors answers in the name of each, once, so that nothing waits here', async () => {
  const { requestId } = await untilTold();
  const last = await answerLocally(cloud.issuer, new Map());
  expect(last).toBe(cloud.events().at(-1)?.seq);
  expect(await answerLocally(cloud.issuer, new Map(), last)).toBe(last);
  const { json } = await evidenceOf(requestId);
  expect(JSON.stringify(json['processors']).match(/acknowledgedAt/g)).toHaveLength(2);
});

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

test('a run waits for nobody where processors are none of its business any more', async () => {
  const { requestId } = await untilCertified();
  await runTo(cloud, requestId);
  expect(runOf(cloud, requestId).status).toBe('SUCCEEDED');
  expect((await requestOf(cloud, requestId))?.['state']).toBe('completed');
});
