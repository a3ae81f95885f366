import { S3Client } from '@aws-sdk/client-s3';

/** Parts of 8 MB take longer than a read of a table: more time than other clients have. */
const REQUEST_TIMEOUT_MS = 15_000;

/** One client per container. */
export function createS3(): S3Client {
  return new S3Client({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}
