import { Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DIRECTORY_COPIES, dataTableName, keyTableName, tableArn } from '../names.ts';
import { regionOf } from '../topology-environment.ts';
import { wildcardFinding } from './nag-names.ts';
import type { PrivacyContext } from './privacy-task.ts';

/** What erases again, in restored copies of the tables, which operators name so: see the runbook. */
export function eraseAgain(
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
