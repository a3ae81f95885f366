import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
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
    expect(ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(answer.LastModified).toEqual(new Date(s3.clock.nowMs()));
  });

  it('of 10 MB survive a stream in chunks and the check of their checksum', async () => {
    const bytes = randomBytes(10 * 1024 * 1024);
    const pieces = Array.from({ length: 40 }, (_, index) =>
      bytes.subarray(index * 262_144, (index + 1) * 262_144),
    );
    await put('large', bytes);
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'streamed',
        Body: Readable.from(pieces),
        ContentLength: bytes.length,
      }),
    );
    const whole = createHash('sha256').update(bytes).digest('hex');
    for (const key of ['large', 'streamed']) {
      expect(
        createHash('sha256')
          .update(await read(key))
          .digest('hex'),
      ).toBe(whole);
    }
  });
});
