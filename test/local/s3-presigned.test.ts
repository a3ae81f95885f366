import { request } from 'node:http';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKETS, ELSEWHERE, openS3, type TestS3 } from './s3-fixtures.ts';
import { REGION } from './service-endpoint.ts';

const Bucket = BUCKETS.sealed;
const Key = 'exports/1/export (1).json';
const MINUTE = 60;

const ROLES = {
  reader: [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/exports/*` },
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' },
  ],
  nobody: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::other/*' }],
};

let s3: TestS3;
beforeAll(async () => {
  s3 = await openS3(ROLES);
  await s3.client().send(new PutObjectCommand({ Bucket, Key, Body: '{"all":"of it"}' }));
});
afterAll(() => s3.close());

interface Wanted {
  readonly role?: string;
  readonly region?: string;
  readonly key?: string;
  readonly expiresIn?: number;
}

/** As a function signs it, by the shared clock. */
function sign({ role = 'reader', region = REGION, key = Key, expiresIn = MINUTE }: Wanted = {}) {
  const command = new GetObjectCommand({
    ...{ Bucket, Key: key },
    ResponseContentDisposition: 'attachment; filename="export.json"',
  });
  const signingDate = new Date(s3.clock.nowMs());
  return getSignedUrl(s3.client(role, region), command, { expiresIn, signingDate });
}

async function open(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, code: /<Code>(.*?)<\/Code>/.exec(text)?.[1], text, response };
}

/** The URL with one member of its query changed, or taken away. */
function altered(url: string, name: string, value: string | undefined): string {
  const changed = new URL(url);
  if (value === undefined) changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}

describe('a presigned URL', () => {
  it('gives who has no credentials the object, under the name that was signed', async () => {
    const { status, text, response } = await open(await sign());
    expect([status, text]).toEqual([200, '{"all":"of it"}']);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="export.json"');
    expect(s3.calls().at(-1)).toMatchObject({ operation: 'GetObject', principal: 'reader' });
  });

  it('is good until its time is over by the clock, and not a second longer', async () => {
    const url = await sign();
    s3.clock.advance(MINUTE - 1);
    expect((await open(url)).status).toBe(200);
    s3.clock.advance(1);
    expect(await open(url)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      text: expect.stringContaining('Request has expired'),
    });
  });

  it.each([
    ['another key', (url: string) => url.replace('/exports/1/', '/exports/2/')],
    ['the key written otherwise', (url: string) => url.replace('export%20', '%65xport%20')],
    ['a longer life', (url: string) => altered(url, 'X-Amz-Expires', '3600')],
    [
      'another name for the file',
      (url: string) => altered(url, 'response-content-disposition', 'inline'),
    ],
    ['another type', (url: string) => altered(url, 'response-content-type', 'text/html')],
    ['a version', (url: string) => altered(url, 'versionId', 'null')],
    ['no file name', (url: string) => altered(url, 'response-content-disposition', undefined)],
    ['a signature of its own', (url: string) => altered(url, 'X-Amz-Signature', 'ab'.repeat(32))],
    ['no signature', (url: string) => altered(url, 'X-Amz-Signature', undefined)],
    ['a plus for a space', (url: string) => url.replace('attachment%3B%20', 'attachment%3B%2B')],
  ])('is refused with %s', async (_, change) => {
    const url = await sign();
    expect(change(url)).not.toBe(url);
    expect(await open(change(url))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it.each([
    ['no time to live', 'X-Amz-Expires', undefined, 'AuthorizationQueryParametersError'],
    ['more than a week', 'X-Amz-Expires', '604801', 'AuthorizationQueryParametersError'],
    ['no date', 'X-Amz-Date', 'yesterday', 'AuthorizationQueryParametersError'],
    ['another algorithm', 'X-Amz-Algorithm', 'AWS4-NONE', 'AuthorizationQueryParametersError'],
    ['headers but the host', 'X-Amz-SignedHeaders', 'date', 'AuthorizationQueryParametersError'],
    ['a session that is none', 'X-Amz-Security-Token', 'forged', 'InvalidToken'],
  ])('is refused with %s', async (_, name, value, code) => {
    expect((await open(altered(await sign(), name, value))).code).toBe(code);
  });

  it('is for the method that it was signed for, and takes no headers that change its meaning', async () => {
    const url = await sign();
    expect((await open(url, { method: 'PUT', body: 'mine' })).code).toBe('SignatureDoesNotMatch');
    expect((await open(url, { method: 'DELETE' })).code).toBe('SignatureDoesNotMatch');
    const headers = { 'x-amz-bypass-governance-retention': 'true' };
    expect(await open(url, { headers })).toMatchObject({
      code: 'AccessDenied',
      text: expect.stringContaining('not signed'),
    });
    const range = await open(url, { headers: { range: 'bytes=2-4' } });
    expect([range.status, range.text]).toEqual([206, 'all']);
  });

  it('lets nobody do what the signer may not, though the signature is right', async () => {
    expect(await open(await sign({ role: 'nobody' }))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      text: expect.stringContaining('s3:GetObject'),
    });
    expect((await open(await sign({ key: 'private/1' }))).code).toBe('AccessDenied');
  });

  it("is no way into another region's bucket, and none with another region's scope", async () => {
    expect((await open(await sign({ region: ELSEWHERE }))).code).toBe('PermanentRedirect');
    const url = await sign();
    const credential = new URL(url).searchParams.get('X-Amz-Credential') ?? '';
    const moved = altered(url, 'X-Amz-Credential', credential.replace(REGION, ELSEWHERE));
    expect((await open(moved)).code).toBe('SignatureDoesNotMatch');
  });

  it('outlives the process that signed it, but not keys that were never issued', async () => {
    const url = await sign();
    const { accessKeyId } = s3.credentials('reader');
    s3.revoke(accessKeyId);
    expect((await open(url)).status).toBe(200);
    const unknown = url.replace(accessKeyId, 'AKIAAAAAAAAAAAAAAAAA');
    expect((await open(unknown)).code).toBe('InvalidAccessKeyId');
  });

  it('is answered under its own host name only', async () => {
    const { pathname, search, port } = new URL(await sign());
    const status = await new Promise((resolve) => {
      const headers = { host: `evil.example:${port}` };
      const options = { host: '127.0.0.1', port, path: pathname + search, headers };
      request(options, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(421);
  });
});

it('without a signature nobody gets anything', async () => {
  expect((await open(`${s3.url}/${Bucket}/${encodeURI(Key)}`)).status).toBe(403);
});
