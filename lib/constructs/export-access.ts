import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { EXPORT_MACHINE, exportBucketName, recordsTableName } from '../names.ts';
import { itemAccess } from './item-access.ts';
import { nagName } from './nag-names.ts';
import { startWorkflows } from './workflow.ts';

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

/** Begins exports, looks after them, and lets their people fetch them. */
export function askForExports(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    itemAccess(scope, {
      sid: 'WriteRequests',
      table,
      // The request and what leads to it are one transaction.
      keys: ['REQUEST#*', 'REQUESTS#*', 'REQUESTS-OF#*'],
      actions: ['PutItem'],
    }),
    itemAccess(scope, {
      sid: 'ReadRequests',
      table,
      keys: 'REQUEST#*',
      actions: ['GetItem', 'BatchGetItem'],
    }),
    itemAccess(scope, {
      sid: 'ListOwnRequests',
      table,
      keys: 'REQUESTS-OF#*',
      actions: ['Query'],
    }),
    startWorkflows(scope, 'StartExports', [EXPORT_MACHINE]),
    // Whoever signs a link is asked whether it may be read.
    useExportFiles(scope, cell, { sid: 'HandOutExports', actions: ['s3:GetObject'] }),
  ];
}

/** For erasure: no copy outlives its person. What of requests it needs, it has. */
export function endExports(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'ListRequestsOfPeople',
      table: recordsTableName(cell),
      keys: 'REQUESTS-OF#*',
      actions: ['Query'],
    }),
    itemAccess(scope, {
      sid: 'ReadRequestsOfPeople',
      table: recordsTableName(cell),
      keys: 'REQUEST#*',
      actions: ['BatchGetItem'],
    }),
    useExportFiles(scope, cell, { sid: 'DeleteExports', actions: ['s3:DeleteObject'] }),
    listExportFiles(scope, cell),
  ];
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
