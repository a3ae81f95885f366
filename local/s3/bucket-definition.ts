import { objectOf } from '../template/json.ts';
import { TemplateError } from '../template/template-error.ts';
import type { DeployedResource } from '../types.ts';
import { type LifecycleRule, readLifecycle } from './lifecycle.ts';
import { type DefaultRetention, readDefaultRetention } from './retention.ts';

/** A bucket as the template declares it. */
export interface BucketDefinition {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly isVersioned: boolean;
  /** Whether versions can be locked at all. */
  readonly hasObjectLock: boolean;
  readonly defaultRetention: DefaultRetention | undefined;
  /** What is encrypted with unless a request says otherwise. */
  readonly encryption: DefaultEncryption;
  readonly lifecycle: ReadonlyArray<LifecycleRule>;
}

export interface DefaultEncryption {
  readonly algorithm: 'AES256' | 'aws:kms';
  /** ARN, id or alias. */
  readonly keyId: string | undefined;
  readonly isBucketKey: boolean;
}

/** What changes nothing of what is emulated, or stands for itself in the template's own tests. */
const KNOWN = new Set([
  'BucketName',
  'BucketEncryption',
  'LifecycleConfiguration',
  'ObjectLockConfiguration',
  'ObjectLockEnabled',
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
  'VersioningConfiguration',
]);

/** Throws TemplateError for what is not emulated. */
export function readBucket(resource: DeployedResource): BucketDefinition {
  const { properties, physicalId, region } = resource;
  const refuse = (what: string): TemplateError =>
    new TemplateError(
      `stack ${resource.stack}, resource ${resource.logicalId}`,
      `the local cloud does not emulate ${what} of a bucket`,
    );
  const unknown = Object.keys(properties).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw refuse(unknown);
  const hasObjectLock = String(properties['ObjectLockEnabled'] ?? false) === 'true';
  const versioning = objectOf(properties['VersioningConfiguration'])['Status'];
  return {
    name: physicalId,
    arn: resource.attributes['Arn'] ?? `arn:aws:s3:::${physicalId}`,
    region,
    // A bucket with object lock has versions, whatever else is said.
    isVersioned: hasObjectLock || versioning === 'Enabled',
    hasObjectLock,
    defaultRetention: readDefaultRetention(properties['ObjectLockConfiguration'], refuse),
    encryption: readEncryption(properties['BucketEncryption'], refuse),
    lifecycle: readLifecycle(properties['LifecycleConfiguration'], refuse),
  };
}

/** S3 encrypts everything with a key of its own where nothing is said. */
function readEncryption(
  declared: unknown,
  refuse: (what: string) => TemplateError,
): DefaultEncryption {
  const rules = objectOf(declared)['ServerSideEncryptionConfiguration'];
  const [rule] = Array.isArray(rules) ? rules : [];
  const { ServerSideEncryptionByDefault, BucketKeyEnabled } = objectOf(rule);
  const byDefault = objectOf(ServerSideEncryptionByDefault);
  const algorithm = byDefault['SSEAlgorithm'] ?? 'AES256';
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') throw refuse(`SSEAlgorithm ${algorithm}`);
  const keyId = byDefault['KMSMasterKeyID'];
  return {
    algorithm,
    keyId: typeof keyId === 'string' ? keyId : undefined,
    isBucketKey: String(BucketKeyEnabled ?? false) === 'true',
  };
}
