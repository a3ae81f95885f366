import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DIRECTORY_TABLE, dataTableName, EXPORT_MACHINE, recordsTableName } from '../names.ts';
import { readDataKeys } from './account-access.ts';
import { readAuditTrail } from './audit-access.ts';
import { tellOnBus } from './bus-access.ts';
import { answerTasks } from './erasure-asking-access.ts';
import { listExportFiles, useExportFiles } from './export-files-access.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import type { PrivacyContext } from './privacy-task.ts';
import { takeSlots } from './slot-access.ts';

/** What an export may: it reads whatever is held on people, and moves their requests. */
export function exportStatements(
  scope: Construct,
  context: PrivacyContext,
): ReadonlyArray<PolicyStatement> {
  const { cell, parameters, busArn } = context;
  return [
    ...readPeople(scope, context),
    ...useSharedKeyring(scope),
    ...useCellKeyring(scope, context),
    useExportFiles(scope, cell, {
      sid: 'WriteExportFiles',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
    }),
    listExportFiles(scope, cell),
    tellOnBus({ sid: 'AskProcessors', busArn, kind: 'ExportRequested' }),
    answerTasks(scope, [EXPORT_MACHINE]),
    sendMail(scope, parameters.get('fromAddress').valueAsString),
  ];
}

function readPeople(scope: Construct, { cell }: PrivacyContext): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'ReadPeople',
      table: dataTableName(cell),
      keys: 'USER#*',
      // Written: acts, and that no export is under way any more.
      actions: [
        ...(['GetItem', 'BatchGetItem', 'Query', 'ConditionCheckItem'] as const),
        ...(['PutItem', 'DeleteItem'] as const),
      ],
    }),
    readDataKeys(scope, cell, ['GetItem', 'BatchGetItem']),
    itemAccess(scope, {
      sid: 'MoveRequests',
      table: recordsTableName(cell),
      keys: 'REQUEST#*',
      // Processors stand beside their request.
      actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
    }),
    itemAccess(scope, {
      sid: 'ListRequests',
      table: recordsTableName(cell),
      keys: 'REQUESTS-OF#*',
      actions: ['Query'],
    }),
    readAuditTrail(scope, cell),
    takeSlots(scope, cell, 'export'),
    itemAccess(scope, {
      sid: 'NameApps',
      table: DIRECTORY_TABLE,
      keys: 'CLIENT#*',
      actions: ['GetItem'],
    }),
    itemAccess(scope, {
      sid: 'ReadDirectoryEntries',
      table: DIRECTORY_TABLE,
      keys: 'IDENTIFIER#*',
      actions: ['BatchGetItem'],
    }),
  ];
}
