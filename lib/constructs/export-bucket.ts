import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { exportBucketName } from '../names.ts';
import { createBucketKey } from './table-key.ts';

/** Longer than any link lives (ExportLinkDays): the workflow deletes in time, this what it lost. */
const LONGEST_KEPT = Duration.days(60);

/**
 * Where people's exports wait to be fetched: closed, encrypted under a key of its own, and emptied
 * whatever happens to the workflow. No versions: what is deleted is to be gone.
 */
export function createExportBucket(scope: Construct, id: string, cell: Cell): Bucket {
  const bucket = new Bucket(scope, id, {
    bucketName: exportBucketName(cell),
    encryption: BucketEncryption.KMS,
    encryptionKey: createBucketKey(scope, `${id}Key`, 'exports'),
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      {
        id: 'ExportsExpire',
        prefix: 'exports/',
        expiration: LONGEST_KEPT,
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions::AwsSolutions-S1',
    reason:
      'No access logs: they would say who fetched an export from where; the audit trail has every download',
  });
  return bucket;
}
