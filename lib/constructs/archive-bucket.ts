import { CfnCondition, Fn, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  CfnBucketPolicy,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { archiveBucketName } from '../names.ts';
import type { ArchiveParameters, DataParameters } from '../parameters.ts';

interface ArchiveBucketProps {
  readonly cell: Cell;
  readonly parameters: DataParameters;
}

/**
 * The copy of the audit trail that nobody can change, if operators want one: S3 Object Lock keeps
 * every version for as long as they say. Keys are S3's own: a key that somebody deletes would undo
 * what the lock protects, and records hold ids alone.
 */
export class ArchiveBucket extends Construct {
  constructor(scope: Construct, id: string, { cell, parameters }: ArchiveBucketProps) {
    super(scope, id);
    const mode = parameters.get('auditArchive').valueAsString;
    const days = Token.asNumber(parameters.get('auditArchiveDays').value);
    const isArchived = archivedCondition(this, parameters);
    const isForGood = new CfnCondition(this, 'IsForGood', {
      expression: Fn.conditionEquals(mode, 'compliance'),
    });
    const bucket = this.#createBucket(cell);
    const resource = requireResource(bucket);
    resource.cfnOptions.condition = isArchived;
    resource.objectLockConfiguration = {
      objectLockEnabled: 'Enabled',
      rule: {
        defaultRetention: {
          mode: Fn.conditionIf(isForGood.logicalId, 'COMPLIANCE', 'GOVERNANCE').toString(),
          days,
        },
      },
    };
    resource.lifecycleConfiguration = {
      rules: [
        {
          id: 'RecordsExpire',
          status: 'Enabled',
          // S3 deletes no locked version, whatever a rule says; this deletes those no longer locked.
          expirationInDays: days,
          noncurrentVersionExpiration: { noncurrentDays: 1 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ],
    };
    for (const child of bucket.node.findAll()) {
      if (child instanceof CfnBucketPolicy) child.cfnOptions.condition = isArchived;
    }
  }

  #createBucket(cell: Cell): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: archiveBucketName(cell),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectLockEnabled: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'No access logs: one function writes, nobody reads but auditors, whom CloudTrail sees',
    });
    return bucket;
  }
}

/** At deployment the bucket's name, or an empty text unless the operator wants an archive. */
export function archiveBucketIf(
  scope: Construct,
  parameters: ArchiveParameters,
  cell: Cell,
): string {
  const isArchived = archivedCondition(scope, parameters);
  return Fn.conditionIf(isArchived.logicalId, archiveBucketName(cell), '').toString();
}

function archivedCondition(scope: Construct, parameters: ArchiveParameters): CfnCondition {
  const mode = parameters.get('auditArchive').valueAsString;
  return new CfnCondition(scope, 'IsArchived', {
    expression: Fn.conditionNot(Fn.conditionEquals(mode, 'none')),
  });
}

function requireResource(bucket: Bucket): CfnBucket {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error('the bucket has no resource');
  return resource;
}
