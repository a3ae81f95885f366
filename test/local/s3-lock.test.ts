import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewObjects } from '../../local/s3/bucket-view.ts';
import { BUCKETS, openS3, type TestS3 } from './s3-fixtures.ts';

const DAY = 86_400;
const Bucket = BUCKETS.locked;

let s3: TestS3;
let client: S3Client;
beforeAll(async () => {
  s3 = await openS3();
  client = s3.client();
});
afterAll(() => s3.close());

const put = (Key: string, Body: string, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const remove = (Key: string, more: object = {}) =>
  client.send(new DeleteObjectCommand({ Bucket, Key, ...more }));
const read = async (Key: string, VersionId?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return await Body?.transformToString();
};
const retain = (Key: string, VersionId: string | undefined, Retention: object, more: object = {}) =>
  client.send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention, ...more }));
const inDays = (days: number) => new Date(s3.clock.nowMs() + days * DAY * 1000);
const LOCKED = { name: 'AccessDenied', message: expect.stringContaining('object lock') };

describe('versions', () => {
  it('stay below what is written and deleted above them', async () => {
    const first = await put('doc', 'first');
    const second = await put('doc', 'second');
    const deleted = await remove('doc');
    expect(deleted.DeleteMarker).toBe(true);
    await expect(read('doc')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await read('doc', first.VersionId)).toBe('first');
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'doc' }));
    expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([
      second.VersionId,
      first.VersionId,
    ]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: deleted.VersionId, IsLatest: true }]);
    await remove('doc', { VersionId: deleted.VersionId });
    expect(await read('doc')).toBe('second');
  });

  it('are told apart from what never was', async () => {
    await expect(read('doc', 'no-such-version')).rejects.toMatchObject({ name: 'NoSuchVersion' });
    const marker = await remove('never');
    await expect(read('never', marker.VersionId)).rejects.toMatchObject({
      name: 'MethodNotAllowed',
    });
  });
});

describe('the lock', () => {
  it("holds each version for the bucket's own time, by the clock", async () => {
    const { VersionId } = await put('audit', 'root');
    const retention = await client.send(
      new GetObjectRetentionCommand({ Bucket, Key: 'audit', VersionId }),
    );
    expect(retention.Retention).toEqual({ Mode: 'GOVERNANCE', RetainUntilDate: inDays(30) });
    await expect(remove('audit', { VersionId })).rejects.toMatchObject(LOCKED);
    s3.clock.advance(30 * DAY + 1);
    await remove('audit', { VersionId });
    await expect(read('audit', VersionId)).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  it('under GOVERNANCE yields to who may bypass it, under COMPLIANCE to nobody', async () => {
    const governed = await put('governed', 'a');
    const BypassGovernanceRetention = true;
    await remove('governed', { VersionId: governed.VersionId, BypassGovernanceRetention });
    const complied = await put('complied', 'a', {
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: inDays(1),
    });
    const { VersionId } = complied;
    const forced = remove('complied', { VersionId, BypassGovernanceRetention });
    await expect(forced).rejects.toMatchObject(LOCKED);
  });

  it('becomes longer and stricter, and shorter only by who may bypass it', async () => {
    const { VersionId } = await put('longer', 'a');
    const until = (days: number, Mode = 'GOVERNANCE') => ({ Mode, RetainUntilDate: inDays(days) });
    await retain('longer', VersionId, until(40));
    await expect(retain('longer', VersionId, until(20))).rejects.toMatchObject(LOCKED);
    await retain('longer', VersionId, until(20), { BypassGovernanceRetention: true });
    await retain('longer', VersionId, until(21, 'COMPLIANCE'));
    for (const weaker of [until(22), until(20, 'COMPLIANCE')]) {
      const forced = retain('longer', VersionId, weaker, { BypassGovernanceRetention: true });
      await expect(forced).rejects.toMatchObject(LOCKED);
    }
  });

  it('spares what DeleteObjects names beside it, and says which it kept', async () => {
    const held = await put('held', 'a');
    const free = await put('free', 'a', {
      ObjectLockMode: 'GOVERNANCE',
      ...{ ObjectLockRetainUntilDate: inDays(1) },
    });
    s3.clock.advance(2 * DAY);
    const answer = await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: 'held', VersionId: held.VersionId },
            { Key: 'free', VersionId: free.VersionId },
          ],
        },
      }),
    );
    expect(answer.Errors).toMatchObject([{ Key: 'held', Code: 'AccessDenied' }]);
    expect(answer.Deleted).toMatchObject([{ Key: 'free' }]);
  });

  it('refuses times that are past, unknown modes, and buckets that have none', async () => {
    const past = { ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: inDays(-1) };
    await expect(put('past', 'a', past)).rejects.toMatchObject({ name: 'InvalidArgument' });
    const mode = { ObjectLockMode: 'FOREVER', ObjectLockRetainUntilDate: inDays(1) };
    await expect(put('mode', 'a', mode)).rejects.toMatchObject({ name: 'InvalidArgument' });
    const plain = client.send(new GetObjectLockConfigurationCommand({ Bucket: BUCKETS.plain }));
    await expect(plain).rejects.toMatchObject({ name: 'ObjectLockConfigurationNotFoundError' });
    const locked = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(locked.ObjectLockConfiguration?.Rule?.DefaultRetention).toEqual({
      Mode: 'GOVERNANCE',
      Days: 30,
    });
  });
});

describe('the lifecycle', () => {
  const versionsOf = async (key: string) => {
    const buckets = await s3.service.buckets();
    const bucket = buckets.find(({ definition }) => definition.name === Bucket);
    return bucket === undefined ? [] : viewObjects(bucket).filter((one) => one.key === key);
  };

  it('removes what lies below, but nothing that is still held; a lone delete marker last', async () => {
    await put('aged', 'a');
    await remove('aged');
    s3.clock.advance(20 * DAY);
    expect(await versionsOf('aged')).toHaveLength(2);
    s3.clock.advance(12 * DAY);
    expect(await versionsOf('aged')).toEqual([]);
  });

  it('expires objects of its prefix at the midnight after their days, and no others', async () => {
    const place = { Bucket: BUCKETS.plain };
    const put = (Key: string) => client.send(new PutObjectCommand({ ...place, Key, Body: 'a' }));
    const read = (Key: string) => client.send(new GetObjectCommand({ ...place, Key }));
    for (const key of ['brief/1', 'kept/1', 'other']) await put(key);
    s3.clock.advance(2 * DAY - 1);
    await read('brief/1');
    s3.clock.advance(DAY + 1);
    await expect(read('brief/1')).rejects.toMatchObject({ name: 'NoSuchKey' });
    for (const key of ['kept/1', 'other']) await read(key);
  });
});
