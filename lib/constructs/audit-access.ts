import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { archiveBucketName, recordsTableName } from '../names.ts';
import { itemAccess } from './item-access.ts';
import { nagName } from './nag-names.ts';

/** Writes what happened, and neither changes what is signed nor reads what others did. */
export function recordActs(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    itemAccess(scope, {
      sid: 'RecordActs',
      table,
      keys: ['AUDIT#*', 'AUDIT-BY-*'],
      actions: ['BatchWriteItem'],
    }),
    itemAccess(scope, {
      sid: 'RecordLateActs',
      table,
      keys: ['AUDIT#*', 'AUDIT-BY-*', 'AUDIT-LATE#*', 'AUDIT-BEGINNING'],
      actions: ['PutItem'],
    }),
    itemAccess(scope, { sid: 'FindRecord', table, keys: 'AUDIT#*', actions: ['GetItem'] }),
  ];
}

/** Records and what leads to them: for operators, and for a person's export. */
export function readAuditTrail(scope: Construct, cell: Cell): PolicyStatement {
  return itemAccess(scope, {
    sid: 'ReadAuditTrail',
    table: recordsTableName(cell),
    keys: ['AUDIT#*', 'AUDIT-BY-*'],
    actions: ['Query', 'BatchGetItem'],
  });
}

/** What one person was part of: found by them alone, and read where the index leads to. */
export function readOwnActs(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    itemAccess(scope, {
      sid: 'FindOwnActs',
      table,
      keys: 'AUDIT-BY-PERSON#*',
      actions: ['Query'],
    }),
    itemAccess(scope, { sid: 'ReadOwnActs', table, keys: 'AUDIT#*', actions: ['BatchGetItem'] }),
  ];
}

export function sealAuditTrail(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    readAuditTrail(scope, cell),
    itemAccess(scope, {
      sid: 'ReadRoots',
      table,
      keys: 'AUDIT-ROOTS',
      actions: ['Query'],
    }),
    itemAccess(scope, {
      sid: 'ReadProgress',
      table,
      keys: ['AUDIT-BEGINNING', 'AUDIT-ARCHIVED'],
      actions: ['GetItem'],
    }),
    itemAccess(scope, {
      sid: 'SealAndNoteArchived',
      table,
      keys: ['AUDIT-ROOTS', 'AUDIT-ARCHIVED'],
      actions: ['PutItem'],
    }),
    archive(scope, cell),
  ];
}

/** Nothing is there to write to unless the trail is archived. */
function archive(scope: Construct, cell: Cell): PolicyStatement {
  const partition = nagName(Stack.of(scope).partition, 'Partition');
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${partition}:s3:::domicile-archive-${cell.name}-<AWS::AccountId>/audit/*]`,
    reason: 'One object for each hour',
  });
  const bucket = Stack.of(scope).formatArn({
    ...{ service: 's3', region: '', account: '' },
    resource: archiveBucketName(cell),
  });
  return new PolicyStatement({
    sid: 'ArchiveAuditTrail',
    effect: Effect.ALLOW,
    actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
    resources: [`${bucket}/audit/*`],
  });
}
