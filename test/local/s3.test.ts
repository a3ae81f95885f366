import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUCKETS, openS3, type TestS3 } from './s3-fixtures.ts';

const Bucket = BUCKETS.plain;

let s3: TestS3;
let client: S3Client;
beforeAll(async () => {
  s3 = await openS3();
  client = s3.client();
});
afterAll(() => s3.close());

async function read(Key: string, more: object = {}): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

describe('objects', () => {
  it('come back byte for byte, with what was said of them', async () => {
    const bytes = Buffer.from([0, 255, 128, 10, 13, 195, 40]);
    const { ETag } = await put('a/b c+d&é.bin', bytes, {
      ContentType: 'application/x-thing',
      ContentDisposition: 'attachment; filename="thing"',
      Metadata: { part: '1' },
    });
    const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b c+d&é.bin' }));
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? [])).toEqual(bytes);
    expect(answer).toMatchObject({
      ETag,
      ContentType: 'application/x-thing',
      ContentDisposition: 'attachment; filename="thing"',
      ContentLength: 7,
      Metadata: { part: '1' },
      ServerSideEncryption: 'AES256',
      AcceptRanges: 'bytes',
    });
    expect(ETag).toBe(`"${md5(bytes)}"`);
    expect(answer.LastModified).toEqual(new Date(s3.clock.nowMs()));
  });

  it('of 10 MB survive a stream in chunks and the check of their checksum', async () => {
    const bytes = randomBytes(10 * 1024 * 1024);
    const pieces = Array.from({ length: 40 }, (_, index) =>
      bytes.subarray(index * 262_144, (index + 1) * 262_144),
    );
    await put('large', bytes);
    const ContentLength = bytes.length;
    const Body = Readable.from(pieces);
    await client.send(new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength }));
    for (const key of ['large', 'streamed']) expect(md5(await read(key))).toBe(md5(bytes));
  });

  it('are replaced by the next of the same key, and gone once deleted, however often', async () => {
    await put('replaced', 'first');
    await put('replaced', 'second');
    expect(String(await read('replaced'))).toBe('second');
    for (let round = 0; round < 2; round += 1) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'replaced' }));
      await expect(read('replaced')).rejects.toMatchObject({ name: 'NoSuchKey' });
    }
    const head = client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('are told by HEAD without their bytes', async () => {
    await put('told', 'words', { ContentType: 'text/plain' });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'told' }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain' });
  });

  it.each([
    ['bytes=0-2', 'abc', 'bytes 0-2/10'],
    ['bytes=7-', 'hij', 'bytes 7-9/10'],
    ['bytes=-4', 'ghij', 'bytes 6-9/10'],
    ['bytes=8-100', 'ij', 'bytes 8-9/10'],
  ])('give the range %s', async (Range, text, ContentRange) => {
    await put('range', 'abcdefghij');
    const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'range', Range }));
    expect(await answer.Body?.transformToString()).toBe(text);
    expect(answer).toMatchObject({ ContentRange, ContentLength: text.length });
  });

  it('refuse a range behind their end', async () => {
    await put('range', 'abcdefghij');
    await expect(read('range', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  it('are written once by who asks for that, and read only when they have changed', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    const again = put('once', 'second', { IfNoneMatch: '*' });
    await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const IfNoneMatch = `"${md5(Buffer.from('first'))}"`;
    await expect(read('once', { IfNoneMatch })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });

  it('are written by one of those who ask at once to be the first', async () => {
    const writes = Array.from({ length: 5 }, (_, index) =>
      put('raced', `by ${index}`, { IfNoneMatch: '*' }).then(
        () => `by ${index}`,
        ({ name }) => name,
      ),
    );
    const outcomes = await Promise.all(writes);
    const winners = outcomes.filter((outcome) => outcome !== 'PreconditionFailed');
    expect(winners).toHaveLength(1);
    expect(String(await read('raced'))).toBe(winners[0]);
  });

  it('keep to their names, whatever a name would be as a path', async () => {
    const keys = ['../../etc/passwd', '..', 'a//b', '%2e%2e/x', './x', 'c:\\x', 'nul\u0001l', '/'];
    for (const key of keys) await put(key, `of ${key}`);
    for (const key of keys) expect(String(await read(key))).toBe(`of ${key}`);
  });

  it.each([
    ['a checksum of other bytes', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }],
    ['an MD5 of other bytes', { ContentMD5: Buffer.alloc(16).toString('base64') }],
  ])('are refused with %s', async (_, more) => {
    await expect(put('wrong', 'bytes', more)).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(read('wrong')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are refused with a key, or metadata, that is too long', async () => {
    await expect(put('k'.repeat(1025), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
    const Metadata = { long: 'x'.repeat(2048) };
    await expect(put('k', 'x', { Metadata })).rejects.toMatchObject({ name: 'MetadataTooLarge' });
  });
});

describe('listing', () => {
  const list = (more: object) => client.send(new ListObjectsV2Command({ Bucket, ...more }));

  it('goes through all keys of a prefix in pages, in the order of their bytes', async () => {
    const keys = ['list/a', 'list/ä', 'list/b', 'list/Z', 'list/a/1'];
    for (const key of keys) await put(key, key);
    const seen: Array<string | undefined> = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Prefix: 'list/', MaxKeys: 2, ContinuationToken });
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(['list/Z', 'list/a', 'list/a/1', 'list/b', 'list/ä']);
  });

  it('takes together what a delimiter separates', async () => {
    for (const key of ['d/1', 'd/x/1', 'd/x/2', 'd/y/1']) await put(key, key);
    const page = await list({ Prefix: 'd/', Delimiter: '/', MaxKeys: 2 });
    expect(page.Contents).toMatchObject([{ Key: 'd/1', Size: 3 }]);
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'd/x/' }]);
    const rest = await list({
      Prefix: 'd/',
      Delimiter: '/',
      ContinuationToken: page.NextContinuationToken,
    });
    expect(rest.CommonPrefixes).toEqual([{ Prefix: 'd/y/' }]);
    expect(rest.IsTruncated).toBe(false);
  });

  it('refuses a token that it did not give', async () => {
    const page = list({ ContinuationToken: 'a b' });
    await expect(page).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

it('DeleteObjects removes many at once, keys with markup in them too', async () => {
  const keys = ['many/<&>"', "many/'\r\n", 'many/plain'];
  for (const key of keys) await put(key, key);
  const Objects = [...keys, 'many/absent'].map((Key) => ({ Key }));
  const answer = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(answer.Deleted?.map(({ Key }) => Key)).toEqual([...keys, 'many/absent']);
  const left = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'many/' }));
  expect(left.KeyCount).toBe(0);
});

it('a bucket is there, or not, or in another region', async () => {
  await client.send(new HeadBucketCommand({ Bucket }));
  const absent = client.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'a' }));
  await expect(absent).rejects.toMatchObject({ name: 'NoSuchBucket' });
  const elsewhere = client.send(new GetObjectCommand({ Bucket: BUCKETS.elsewhere, Key: 'a' }));
  await expect(elsewhere).rejects.toMatchObject({ name: 'PermanentRedirect' });
});
