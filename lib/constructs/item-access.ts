import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { tableArn } from '../names.ts';

type ItemAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

interface ItemAccess {
  /** Says in IAM and in the local cloud's report what the grant is for: letters and digits. */
  readonly sid: string;
  readonly table: string;
  /** Partition keys that may be named, `USER#*` for a prefix. */
  readonly keys: string;
  readonly actions: ReadonlyArray<ItemAction>;
}

/**
 * Access to the items of one entity. `dynamodb:LeadingKeys` confines it to that entity's
 * partitions; members of a transaction are checked one by one as the plain actions.
 */
export function itemAccess(scope: Construct, access: ItemAccess): PolicyStatement {
  return new PolicyStatement({
    sid: access.sid,
    effect: Effect.ALLOW,
    actions: access.actions.map((action) => `dynamodb:${action}`),
    resources: [tableArn(scope, access.table)],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [access.keys] } },
  });
}
