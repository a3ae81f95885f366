import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readObjects } from '../../local/s3/bucket-view.ts';
import { BUCKETS, ELSEWHERE, kmsOf, openS3, type TestS3 } from './s3-fixtures.ts';
import { REGION, serve } from './service-endpoint.ts';

const Bucket = BUCKETS.sealed;
const KEY = `arn:aws:kms:${REGION}:*:key/*`;
const objects = (prefix: string) => `arn:aws:s3:::${Bucket}/${prefix}*`;
const allow = (Action: string | ReadonlyArray<string>, Resource: string, Condition?: object) => ({
  ...{ Effect: 'Allow', Action, Resource },
  ...(Condition && { Condition }),
});
const viaS3 = {
  StringEquals: {
    'kms:ViaService': `s3.${REGION}.amazonaws.com`,
    'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}`,
  },
};

const ROLES = {
  writer: [allow('s3:PutObject', objects('own/')), allow('kms:GenerateDataKey', KEY, viaS3)],
  partwriter: [
    allow(['s3:PutObject', 's3:AbortMultipartUpload'], objects('own/')),
    allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY, viaS3),
  ],
  reader: [allow('s3:GetObject', objects('own/')), allow('kms:Decrypt', KEY, viaS3)],
  keyless: [allow(['s3:GetObject', 's3:PutObject'], objects('own/'))],
  lister: [
    allow('s3:ListBucket', `arn:aws:s3:::${Bucket}`, { StringLike: { 's3:prefix': 'own/*' } }),
    allow('s3:GetObject', objects('own/')),
  ],
  everything: [allow('s3:*', '*'), allow('kms:*', '*')],
};

const DENIED = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };

let s3: TestS3;
beforeAll(async () => {
  s3 = await openS3(ROLES);
});
afterAll(() => s3.close());

const put = (role: string, Key: string, more: object = {}) =>
  s3.client(role).send(new PutObjectCommand({ Bucket, Key, Body: 'secret words', ...more }));
const get = async (role: string, Key: string) => {
  const { Body } = await s3.client(role).send(new GetObjectCommand({ Bucket, Key }));
  return await Body?.transformToString();
};

describe('permissions', () => {
  it('are asked of operation and object: who writes does not read, nor elsewhere', async () => {
    await put('writer', 'own/a');
    expect(await get('reader', 'own/a')).toBe('secret words');
    await expect(get('writer', 'own/a')).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining(`s3:GetObject on resource: arn:aws:s3:::${Bucket}/own/a`),
    });
    await expect(put('writer', 'others/a')).rejects.toMatchObject(DENIED);
    await expect(put('reader', 'own/a')).rejects.toMatchObject(DENIED);
    const remove = new DeleteObjectCommand({ Bucket, Key: 'own/a' });
    await expect(s3.client('writer').send(remove)).rejects.toMatchObject(DENIED);
    const Delete = { Objects: [{ Key: 'own/a' }] };
    const removeAll = new DeleteObjectsCommand({ Bucket, Delete });
    await expect(s3.client('reader').send(removeAll)).rejects.toMatchObject(DENIED);
  });

  it('are asked of the key as well, in the name of the caller', async () => {
    await put('writer', 'own/key');
    await expect(get('keyless', 'own/key')).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining('kms:Decrypt'),
    });
    await expect(put('keyless', 'own/key')).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining('kms:GenerateDataKey'),
    });
    const head = new HeadObjectCommand({ Bucket, Key: 'own/key' });
    expect(await s3.client('keyless').send(head)).toMatchObject({ ContentLength: 12 });
  });

  it('to write in parts include opening what the upload began with', async () => {
    const place = { Bucket, Key: 'own/parts' };
    const begin = (role: string) => s3.client(role).send(new CreateMultipartUploadCommand(place));
    const upload = async (role: string) => {
      const { UploadId } = await begin(role);
      const part = { ...place, UploadId, PartNumber: 1 };
      const { ETag } = await s3.client(role).send(new UploadPartCommand({ ...part, Body: 'a' }));
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      const complete = { ...place, UploadId, MultipartUpload };
      return await s3.client(role).send(new CompleteMultipartUploadCommand(complete));
    };
    await upload('partwriter');
    await expect(upload('writer')).rejects.toMatchObject(DENIED);
  });

  it('hide what is not there from who may not list', async () => {
    await expect(get('reader', 'own/absent')).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining('s3:ListBucket'),
    });
    await expect(get('everything', 'own/absent')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('to list are asked with the prefix', async () => {
    const list = (Prefix?: string) =>
      s3.client('lister').send(new ListObjectsV2Command({ Bucket, Prefix }));
    expect((await list('own/')).KeyCount).toBeGreaterThan(0);
    await expect(list('others/')).rejects.toMatchObject(DENIED);
    await expect(list()).rejects.toMatchObject(DENIED);
  });

  it('are taken by the policy of the bucket from those who have them', async () => {
    await expect(
      put('everything', 'own/weak', { ServerSideEncryption: 'AES256' }),
    ).rejects.toMatchObject({
      ...DENIED,
      message: expect.stringContaining('explicit deny in a resource-based policy'),
    });
    const statements = s3.authorizer.statements().filter(({ owner }) => owner.endsWith(Bucket));
    expect(statements.map(({ id }) => id)).toEqual([
      'Identity/SealedPolicy/PolicyDocument#0',
      'Identity/SealedPolicy/PolicyDocument#1',
    ]);
  });

  it('end at the border of the region, whatever a policy lets through', async () => {
    const foreign = s3.client('everything', ELSEWHERE);
    const read = new GetObjectCommand({ Bucket: BUCKETS.elsewhere, Key: 'a' });
    await expect(foreign.send(read)).rejects.toMatchObject({ name: 'ResidencyRefused' });
  });
});

describe('objects under a KMS key', () => {
  it('lie in the bucket as ciphertext, and say so', async () => {
    const answer = await put('writer', 'own/sealed');
    expect(answer).toMatchObject({ ServerSideEncryption: 'aws:kms', BucketKeyEnabled: true });
    expect(answer.SSEKMSKeyId).toMatch(/^arn:aws:kms:/);
    const buckets = await s3.service.buckets();
    const bucket = buckets.find(({ definition }) => definition.name === Bucket);
    if (bucket === undefined) throw new Error('no bucket');
    const found = (await readObjects(bucket)).find(({ key }) => key === 'own/sealed');
    expect(found?.bytes?.toString()).toBe('secret words');
    expect(found?.stored.includes('secret')).toBe(false);
    expect(found?.stored).toHaveLength(12);
  });

  it('are opened by nobody while the key is disabled, not even to look into the bucket', async () => {
    const { SSEKMSKeyId: KeyId } = await put('writer', 'own/off');
    const endpoint = await serve(kmsOf(s3));
    const kms = new KMSClient(endpoint.client);
    await kms.send(new DisableKeyCommand({ KeyId }));
    try {
      await expect(get('everything', 'own/off')).rejects.toMatchObject({
        name: 'KMS.DisabledException',
      });
      await expect(put('writer', 'own/new')).rejects.toMatchObject({
        name: 'KMS.DisabledException',
      });
      for (const bucket of await s3.service.buckets()) {
        for (const { keyArn, bytes } of await readObjects(bucket)) {
          expect(bytes === undefined).toBe(keyArn !== undefined);
        }
      }
    } finally {
      await kms.send(new EnableKeyCommand({ KeyId }));
      kms.destroy();
      await endpoint.close();
    }
  });
});

describe('the gateway', () => {
  it('logs calls with the object that they are about', async () => {
    await put('writer', 'own/logged');
    expect(s3.calls().at(-1)).toMatchObject({
      service: 's3',
      operation: 'PutObject',
      principal: 'writer',
      resource: `arn:aws:s3:::${Bucket}/own/logged`,
      outcome: 'ok',
    });
  });

  it.each([
    ['throttle', 'SlowDown', 503],
    ['error', 'InternalError', 500],
  ] as const)('acts out the fault %s as S3 words it', async (kind, name, httpStatusCode) => {
    s3.faults.add({ service: 's3', operation: 'PutObject', kind, times: 1 });
    await expect(put('writer', 'own/fault')).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode },
    });
    await put('writer', 'own/fault');
  });

  it('cuts the connection before, or after, the call has had its effect', async () => {
    s3.faults.add({ service: 's3', operation: 'PutObject', kind: 'crash-before', times: 1 });
    await expect(put('writer', 'own/before')).rejects.toThrow();
    await expect(get('everything', 'own/before')).rejects.toMatchObject({ name: 'NoSuchKey' });
    s3.faults.add({ service: 's3', operation: 'PutObject', kind: 'crash-after', times: 1 });
    await expect(put('writer', 'own/after')).rejects.toThrow();
    expect(await get('everything', 'own/after')).toBe('secret words');
  });

  it('refuses what is not emulated, in words, and changes nothing', async () => {
    const { accessKeyId } = s3.credentials();
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${REGION}/s3/aws4_request, Signature=x`;
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${s3.url}/${Bucket}${path}`, { ...init, headers: { authorization, ...init.headers } });
    for (const [path, method] of [
      ['?acl', 'GET'],
      ['/own/a?tagging', 'PUT'],
      ['', 'DELETE'],
    ] as const) {
      const answer = await ask(path, { method });
      expect([answer.status, await answer.text()]).toEqual([
        501,
        expect.stringContaining('<Code>NotImplemented</Code>'),
      ]);
    }
    const body = '<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>';
    const doctype = await ask('?delete', { method: 'POST', body });
    expect(await doctype.text()).toContain('<Code>MalformedXML</Code>');
  });
});
