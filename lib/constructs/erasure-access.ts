import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import {
  DIRECTORY_TABLE,
  dataTableName,
  ERASURE_MACHINE,
  keyTableName,
  recordsTableName,
} from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import { tellOnBus } from './bus-access.ts';
import { answerTasks } from './erasure-asking-access.ts';
import { eraseAgain } from './erasure-replay-access.ts';
import { signEvidence } from './evidence-access.ts';
import { listExportFiles, useExportFiles } from './export-files-access.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import type { PrivacyContext } from './privacy-task.ts';
import { takeSlots } from './slot-access.ts';
import { startWorkflows } from './workflow.ts';

/** What an erasure may: it alone deletes people's keys. */
export function erasureStatements(
  scope: Construct,
  context: PrivacyContext,
): ReadonlyArray<PolicyStatement> {
  return [
    ...deletePeople(scope, context),
    ...keepRecords(scope, context),
    // In the primary region, wherever this cell is: the replicas follow.
    itemAccess(scope, {
      sid: 'PutAddressesToRest',
      table: DIRECTORY_TABLE,
      region: regionOf(context.topology.primary),
      keys: 'IDENTIFIER#*',
      actions: ['UpdateItem', 'PutItem'],
    }),
    itemAccess(scope, {
      sid: 'RemoveHomesAndRestingAddresses',
      table: DIRECTORY_TABLE,
      region: regionOf(context.topology.primary),
      keys: ['IDENTIFIER#*', 'SUB#*'],
      actions: ['DeleteItem'],
    }),
    ...useSharedKeyring(scope),
    ...useCellKeyring(scope, context),
    ...eraseAgain(scope, context),
    startWorkflows(scope, 'StartAnotherRun', [ERASURE_MACHINE]),
    ...proveErasures(scope, context),
  ];
}

/** Tells processors and the person, and signs what was done. */
function proveErasures(
  scope: Construct,
  { cell, parameters, busArn }: PrivacyContext,
): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    itemAccess(scope, {
      sid: 'KeepCertificates',
      table,
      keys: 'CERTIFICATE#*',
      actions: ['GetItem', 'PutItem'],
    }),
    itemAccess(scope, {
      sid: 'ListProcessors',
      table,
      keys: 'REQUEST#*',
      actions: ['Query'],
    }),
    tellOnBus({ sid: 'TellProcessors', busArn, kind: 'ErasureRequested' }),
    answerTasks(scope, [ERASURE_MACHINE]),
    ...signEvidence(scope),
    sendMail(scope, parameters.get('fromAddress').valueAsString),
  ];
}

function deletePeople(scope: Construct, { cell }: PrivacyContext): ReadonlyArray<PolicyStatement> {
  const [data, keys] = [dataTableName(cell), keyTableName(cell)];
  return [
    itemAccess(scope, {
      sid: 'ClosePeoplesAccounts',
      table: data,
      keys: 'USER#*',
      // Puts acts that have no other item to ride on, such as the end of a session.
      actions: ['GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'PutItem'],
    }),
    itemAccess(scope, {
      sid: 'DeletePeoplesItems',
      table: data,
      keys: ['USER#*', 'ATTEMPTS#*', 'MAILS#*'],
      actions: ['BatchWriteItem'],
    }),
    itemAccess(scope, {
      sid: 'EndSessionsAndPointers',
      table: data,
      keys: ['USER#*', 'IDENTIFIER#*'],
      actions: ['DeleteItem'],
    }),
    itemAccess(scope, { sid: 'TellOfActs', table: data, keys: 'ACT#*', actions: ['PutItem'] }),
    itemAccess(scope, {
      sid: 'DestroyDataKeys',
      table: keys,
      keys: 'USER#*',
      actions: ['BatchGetItem', 'DeleteItem'],
    }),
    itemAccess(scope, {
      sid: 'KeepKeysOfLastMails',
      table: keys,
      keys: 'REQUEST#*',
      actions: ['GetItem', 'PutItem', 'DeleteItem'],
    }),
  ];
}

function keepRecords(scope: Construct, { cell }: PrivacyContext): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    itemAccess(scope, {
      sid: 'MoveRequestsOn',
      table,
      keys: 'REQUEST#*',
      actions: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    }),
    itemAccess(scope, {
      sid: 'KeepTheLedger',
      table,
      keys: 'LEDGER#*',
      actions: ['PutItem', 'Query'],
    }),
    itemAccess(scope, {
      sid: 'KeepWithoutThePerson',
      table,
      keys: 'ANONYMOUS#*',
      actions: ['BatchWriteItem'],
    }),
    takeSlots(scope, cell, 'erasure'),
    ...endExports(scope, cell),
  ];
}

/** No copy outlives its person. */
function endExports(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
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
