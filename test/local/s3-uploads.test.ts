import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, openS3, type TestS3 } from './s3-fixtures.ts';

const LEAST_PART = 5 * 1024 * 1024;
const Bucket = BUCKETS.sealed;
const Key = 'export.json';

let s3: TestS3;
let client: S3Client;
let UploadId: string | undefined;
beforeAll(async () => {
  s3 = await openS3();
  client = s3.client();
});
afterAll(() => s3.close());
beforeEach(async () => {
  const begun = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'application/json' }),
  );
  UploadId = begun.UploadId;
});

async function upload(PartNumber: number, Body: Uint8Array) {
  const place = { Bucket, Key, UploadId, PartNumber };
  const { ETag } = await client.send(new UploadPartCommand({ ...place, Body }));
  return { PartNumber, ETag };
}

const complete = (Parts: ReadonlyArray<{ PartNumber: number; ETag: string | undefined }>) =>
  client.send(
    new CompleteMultipartUploadCommand({
      ...{ Bucket, Key, UploadId },
      MultipartUpload: { Parts: [...Parts] },
    }),
  );

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function readBack(more: object = {}): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('an upload in parts', () => {
  it('becomes one object, whatever order its parts came in; ranges reach across them', async () => {
    const [first, second, third] = [LEAST_PART, LEAST_PART + 7, 3].map((size) => randomBytes(size));
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const stale = await upload(2, randomBytes(10));
    const parts = await Promise.all([upload(3, third), upload(2, second), upload(1, first)]);
    const inOrder = parts.toReversed();
    expect(inOrder[1]?.ETag).not.toBe(stale.ETag);
    const { ETag } = await complete(inOrder);
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    const whole = Buffer.concat([first, second, third]);
    expect(sha256(await readBack())).toBe(sha256(whole));
    const from = LEAST_PART - 21;
    const to = 2 * LEAST_PART + 8;
    const range = await readBack({ Range: `bytes=${from}-${to}` });
    expect(sha256(range)).toBe(sha256(whole.subarray(from, to + 1)));
  });

  it('is seen by nobody before it is complete, and by nobody once it was given up', async () => {
    const other = `${Key}.2`;
    const begun = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: other }));
    const absent = client.send(new GetObjectCommand({ Bucket, Key: other }));
    await expect(absent).rejects.toMatchObject({ name: 'NoSuchKey' });
    const list = async () => {
      const page = new ListMultipartUploadsCommand({ Bucket, Prefix: other });
      return ((await client.send(page)).Uploads ?? []).map((one) => one.UploadId);
    };
    expect(await list()).toEqual([begun.UploadId]);
    const given = { Bucket, Key: other, UploadId: begun.UploadId };
    await client.send(new AbortMultipartUploadCommand(given));
    expect(await list()).toEqual([]);
    const late = client.send(new UploadPartCommand({ ...given, PartNumber: 1, Body: 'late' }));
    await expect(late).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('is over once it is complete: what completes it again learns that', async () => {
    const part = await upload(1, Buffer.from('all'));
    await complete([part]);
    await expect(complete([part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(String(await readBack())).toBe('all');
  });

  it('takes parts from objects that are there', async () => {
    const source = { Bucket: BUCKETS.plain, Key: 'source of parts' };
    await client.send(new PutObjectCommand({ ...source, Body: 'xxxthese bytesxxx' }));
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        ...{ Bucket, Key, UploadId },
        PartNumber: 1,
        CopySource: `${source.Bucket}/${encodeURIComponent(source.Key)}`,
        CopySourceRange: 'bytes=3-13',
      }),
    );
    await complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect(String(await readBack())).toBe('these bytes');
  });

  it('refuses a part that never came, or came otherwise', async () => {
    const part = await upload(1, Buffer.alloc(LEAST_PART));
    const absent = { PartNumber: 2, ETag: part.ETag };
    await expect(complete([part, absent])).rejects.toMatchObject({ name: 'InvalidPart' });
    const changed = { PartNumber: 1, ETag: '"00000000000000000000000000000000"' };
    await expect(complete([changed])).rejects.toMatchObject({ name: 'InvalidPart' });
  });

  it('refuses parts in disorder, and small ones but for the last', async () => {
    const [one, two] = [await upload(1, Buffer.from('a')), await upload(2, Buffer.from('b'))];
    await expect(complete([two, one])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  });

  it('refuses the upload of another key', async () => {
    const place = { Bucket, Key: 'other', UploadId, PartNumber: 1 };
    const part = client.send(new UploadPartCommand({ ...place, Body: 'a' }));
    await expect(part).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

it('an upload that nobody goes on with is given up by the lifecycle', async () => {
  const place = { Bucket: BUCKETS.plain, Key: 'abandoned' };
  await client.send(new CreateMultipartUploadCommand(place));
  const list = async () =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: place.Bucket }))).Uploads ?? [];
  expect(await list()).toHaveLength(1);
  s3.clock.advance(2 * 86_400);
  const later = s3.client();
  const left = await later.send(new ListMultipartUploadsCommand({ Bucket: place.Bucket }));
  expect(left.Uploads ?? []).toEqual([]);
});
