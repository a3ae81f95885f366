import { join } from 'node:path';
import type { KeyStore } from '../kms/keys.ts';
import {
  AwsError,
  type AwsResponse,
  type AwsService,
  type Clock,
  type DeployedResource,
} from '../types.ts';
import { authorizationsOf } from './authorizations.ts';
import { Bucket } from './bucket.ts';
import { readBucket } from './bucket-definition.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject } from './get-object.ts';
import { listMultipartUploads, listObjects, listObjectVersions } from './list-objects.ts';
import {
  getObjectLockConfiguration,
  getObjectRetention,
  putObjectRetention,
} from './lock-operations.ts';
import {
  abortMultipartUpload,
  createMultipartUpload,
  readCopySource,
  uploadPart,
  uploadPartCopy,
} from './multipart.ts';
import { putObject } from './put-object.ts';
import { readS3Request, type S3Request } from './request.ts';
import { createMemoryStorage, openFileStorage } from './storage.ts';

export interface S3Options {
  readonly region: string;
  readonly account: string;
  /** `AWS::S3::Bucket` of all regions: their names are one for the whole account. */
  readonly buckets: ReadonlyArray<DeployedResource>;
  readonly clock: Clock;
  /** KMS of the region. */
  readonly keys: KeyStore;
  /** Where objects are kept over restarts; in memory without it. */
  readonly dataDirectory?: string;
}

export interface S3Service extends AwsService {
  /** Those of this region, what their lifecycle removes removed. */
  buckets(): Promise<ReadonlyArray<Bucket>>;
  /** Empties every bucket, whatever is locked. */
  reset(): Promise<void>;
}

type Operation = (bucket: Bucket, request: S3Request) => AwsResponse | Promise<AwsResponse>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CreateMultipartUpload: createMultipartUpload,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetObject: getObject,
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetObjectRetention: getObjectRetention,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListMultipartUploads: listMultipartUploads,
  ListObjectsV2: listObjects,
  ListObjectVersions: listObjectVersions,
  PutObject: putObject,
  PutObjectRetention: putObjectRetention,
  UploadPart: uploadPart,
};

/** S3 of one region (`S3_PROTOCOL`): the buckets of its stacks. Throws TemplateError. */
export async function createS3Service(options: S3Options): Promise<S3Service> {
  const { region, account } = options;
  const buckets = await openBuckets(options);
  const places = new Map(options.buckets.map((one) => [one.physicalId, one.region]));
  const requireBucket = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw noSuchBucket(name, places.get(name));
  };
  return {
    authorizations: (request) => {
      const own = readS3Request(request);
      const find = (name: string) => buckets.get(name);
      return authorizationsOf(requireBucket(own.bucket), own, account, find);
    },
    async handle(awsRequest) {
      const request = readS3Request(awsRequest);
      const bucket = requireBucket(request.bucket);
      await bucket.settle();
      if (request.operation === 'UploadPartCopy') {
        const source = requireBucket(readCopySource(request).bucket);
        return await uploadPartCopy(bucket, request, source);
      }
      const perform = OPERATIONS[request.operation];
      if (perform === undefined) {
        const message = `${request.operation} is not emulated locally`;
        throw new AwsError('NotImplemented', message, 501);
      }
      const answer = await perform(bucket, request);
      return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': region } };
    },
    buckets: async () => {
      await Promise.all([...buckets.values()].map((bucket) => bucket.settle()));
      return [...buckets.values()];
    },
    reset: async () => {
      await Promise.all([...buckets.values()].map((bucket) => bucket.clear()));
    },
  };
}

async function openBuckets({
  region,
  buckets,
  clock,
  keys,
  dataDirectory,
}: S3Options): Promise<ReadonlyMap<string, Bucket>> {
  const opened = new Map<string, Bucket>();
  for (const resource of buckets.filter((one) => one.region === region)) {
    const definition = readBucket(resource);
    const storage =
      dataDirectory === undefined
        ? createMemoryStorage()
        : await openFileStorage(join(dataDirectory, definition.name));
    const bucket = new Bucket(definition, { storage, clock, keys });
    await bucket.load();
    opened.set(definition.name, bucket);
  }
  return opened;
}

function headBucket({ definition }: Bucket): AwsResponse {
  return { status: 200, headers: { 'x-amz-bucket-region': definition.region }, body: '' };
}

/** A name of another region is known, but not served here. */
function noSuchBucket(name: string, region: string | undefined): AwsError {
  if (region === undefined) {
    const message = 'The specified bucket does not exist';
    return new AwsError('NoSuchBucket', message, 404, { BucketName: name });
  }
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
  return new AwsError('PermanentRedirect', message, 301, { Bucket: name, Region: region });
}
