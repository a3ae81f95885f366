import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { viewObjects } from '../../local/s3/bucket-view.ts';
import { BUCKETS, openS3, type TestS3 } from './s3-fixtures.ts';
import { REGION } from './service-endpoint.ts';

async function read(s3: TestS3, Bucket: string, Key: string): Promise<string | undefined> {
  const { Body } = await s3.client().send(new GetObjectCommand({ Bucket, Key }));
  return await Body?.transformToString();
}

describe('a data directory', () => {
  it('keeps objects, versions and uploads over a restart, sealed and for its owner alone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 's3-'));
    const place = { Bucket: BUCKETS.sealed, Key: 'in parts' };
    const first = await openS3({}, directory);
    const client = first.client();
    const put = (Bucket: string, Key: string, Body: string) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body }));
    await put(BUCKETS.sealed, '../escaped', 'secret words');
    await put(BUCKETS.plain, 'replaced', 'first');
    await put(BUCKETS.plain, 'replaced', 'second');
    await put(BUCKETS.plain, 'deleted', 'gone');
    await client.send(new DeleteObjectCommand({ Bucket: BUCKETS.plain, Key: 'deleted' }));
    await put(BUCKETS.locked, 'doc', 'one');
    await put(BUCKETS.locked, 'doc', 'two');
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(place));
    const part = { ...place, UploadId, PartNumber: 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: 'from before' }));
    await first.close();

    const root = join(directory, 's3', REGION);
    const sealed = readdirSync(join(root, BUCKETS.sealed));
    expect(sealed.filter((name) => !/^[\w-]+\.(json|bytes)$/.test(name))).toEqual([]);
    for (const name of sealed) {
      const file = join(root, BUCKETS.sealed, name);
      expect(statSync(file).mode & 0o077).toBe(0);
      expect(readFileSync(file).includes('secret words')).toBe(false);
    }
    // What a crash leaves: bytes that nothing names, a record half written.
    for (const name of ['orphan.bytes', 'half.json.new']) {
      writeFileSync(join(root, BUCKETS.plain, name), 'left');
    }

    const second = await openS3({}, directory);
    expect(await read(second, BUCKETS.sealed, '../escaped')).toBe('secret words');
    expect(await read(second, BUCKETS.plain, 'replaced')).toBe('second');
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = { ...place, UploadId, MultipartUpload };
    await second.client().send(new CompleteMultipartUploadCommand(complete));
    expect(await read(second, place.Bucket, place.Key)).toBe('from before');
    const buckets = await second.service.buckets();
    const locked = buckets.find(({ definition }) => definition.name === BUCKETS.locked);
    expect(locked && viewObjects(locked).map(({ isLatest }) => isLatest)).toEqual([true, false]);
    expect(readdirSync(join(root, BUCKETS.plain))).toHaveLength(2);

    await second.service.reset();
    expect(readdirSync(join(root, BUCKETS.sealed))).toEqual([]);
    await second.close();
  });
});
