import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { exportBucketName } from '../names.ts';
import { nagName } from './nag-names.ts';

type ObjectAction = 's3:GetObject' | 's3:PutObject' | 's3:DeleteObject' | 's3:AbortMultipartUpload';

/** The files of exports; the bucket's key opens through S3 for whoever may use the bucket. */
export function useExportFiles(
  scope: Construct,
  cell: Cell,
  { sid, actions }: { readonly sid: string; readonly actions: ReadonlyArray<ObjectAction> },
): PolicyStatement {
  const arn = `${bucketArn(scope, cell)}/exports/*`;
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${arnInFindings(scope, cell)}/exports/*]`,
    reason: 'One folder per request, which is named when somebody asks for it',
  });
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [arn],
  });
}

/** What lies there, for who deletes it. */
export function listExportFiles(scope: Construct, cell: Cell): PolicyStatement {
  return new PolicyStatement({
    sid: 'ListExportFiles',
    effect: Effect.ALLOW,
    actions: ['s3:ListBucket'],
    resources: [bucketArn(scope, cell)],
    conditions: { StringLike: { 's3:prefix': 'exports/*' } },
  });
}

function bucketArn(scope: Construct, cell: Cell): string {
  return Stack.of(scope).formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: exportBucketName(cell),
  });
}

/** As cdk-nag spells it; the bucket's name has the account in it. */
function arnInFindings(scope: Construct, cell: Cell): string {
  const partition = nagName(Stack.of(scope).partition, 'Partition');
  return `arn:${partition}:s3:::domicile-exports-${cell.name}-<AWS::AccountId>`;
}
