import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * A key for DynamoDB's encryption at rest. Its policy lets principals of this account use it
 * through DynamoDB, so that whoever may use the table needs no grant on the key (AWS: "DynamoDB
 * encryption at rest: usage notes", key policy).
 */
export function createTableKey(scope: Construct, id: string, what: string): Key {
  return createStorageKey(scope, id, {
    what,
    use: useThrough('UseThroughDynamoDb', 'dynamodb', [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:CreateGrant',
      'kms:DescribeKey',
    ]),
  });
}

/** As `createTableKey`, for the objects of a bucket. */
export function createBucketKey(scope: Construct, id: string, what: string): Key {
  const actions = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
  return createStorageKey(scope, id, { what, use: useThrough('UseThroughS3', 's3', actions) });
}

function createStorageKey(
  scope: Construct,
  id: string,
  { what, use }: { readonly what: string; readonly use: PolicyStatement },
): Key {
  const key = new Key(scope, id, {
    description: `Domicile encrypts ${what}`,
    enableKeyRotation: true,
    pendingWindow: Duration.days(30),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  key.addToResourcePolicy(use);
  return key;
}

function useThrough(
  sid: string,
  service: 'dynamodb' | 's3',
  actions: ReadonlyArray<string>,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: ['*'],
    conditions: {
      StringEquals: {
        'kms:CallerAccount': Aws.ACCOUNT_ID,
        'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com`,
      },
    },
  });
}
