import { Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  DIRECTORY_COPIES,
  DIRECTORY_TABLE,
  dataTableName,
  ERASURE_MACHINE,
  keyTableName,
  recordsTableName,
  tableArn,
} from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import { answerTasks } from './erasure-asking-access.ts';
import { signEvidence } from './evidence-access.ts';
import { endExports } from './export-access.ts';
import { itemAccess } from './item-access.ts';
import { useCellKeyring, useSharedKeyring } from './keyring-access.ts';
import { sendMail } from './mail-access.ts';
import { wildcardFinding } from './nag-names.ts';
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
    new PolicyStatement({
      sid: 'TellProcessors',
      effect: Effect.ALLOW,
      actions: ['events:PutEvents'],
      resources: [busArn],
      conditions: { StringEquals: { 'events:detail-type': 'ErasureRequested' } },
    }),
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

/** In restored copies of the tables, which operators name so: see the runbook. */
function eraseAgain(
  scope: Construct,
  { cell, topology }: PrivacyContext,
): ReadonlyArray<PolicyStatement> {
  return [
    restored(scope, {
      sid: 'EraseAgainInRestoredData',
      copies: `${dataTableName(cell)}-restored*`,
      keys: ['USER#*', 'IDENTIFIER#*'],
      actions: ['GetItem', 'Query', 'BatchWriteItem', 'DeleteItem'],
    }),
    restored(scope, {
      sid: 'EraseAgainInRestoredKeys',
      copies: `${keyTableName(cell)}-restored*`,
      keys: ['USER#*'],
      actions: ['DeleteItem'],
    }),
    restored(scope, {
      sid: 'EraseAgainInRestoredDirectory',
      copies: DIRECTORY_COPIES,
      region: regionOf(topology.primary),
      keys: ['IDENTIFIER#*', 'SUB#*'],
      // Through a copy alone: the directory itself is read by key.
      actions: ['Scan', 'DeleteItem'],
    }),
  ];
}

function restored(
  scope: Construct,
  {
    sid,
    copies,
    region,
    keys,
    actions,
  }: Record<'sid' | 'copies', string> &
    Record<'keys' | 'actions', ReadonlyArray<string>> & { readonly region?: string },
): PolicyStatement {
  Validations.of(scope).acknowledge({
    id: wildcardFinding(scope, {
      service: 'dynamodb',
      ...(region !== undefined && { region }),
      resource: `table/${copies}`,
    }),
    reason:
      'Tables that an operator restores from a backup carry this prefix, and nothing else does',
  });
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [tableArn(scope, copies, region)],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
  });
}
