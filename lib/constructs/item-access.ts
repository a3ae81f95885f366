import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { tableArn } from '../names.ts';

type ItemAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

interface ItemAccess {
  /** Says in IAM and in the local cloud's report what the grant is for: letters and digits. */
  readonly sid: string;
  readonly table: string;
  /** Of the table; by default the own one. */
  readonly region?: string;
  /**
   * Partition keys that may be named, `USER#*` for a prefix. Several, where one transaction does
   * the same to several entities: IAM sees all its keys for that action at once.
   */
  readonly keys: string | ReadonlyArray<string>;
  readonly actions: ReadonlyArray<ItemAction>;
}

/**
 * Access to the items of one entity: `dynamodb:LeadingKeys` confines it to that entity's
 * partitions. A transaction needs the plain action of each of its members.
 */
export function itemAccess(scope: Construct, access: ItemAccess): PolicyStatement {
  return new PolicyStatement({
    sid: access.sid,
    effect: Effect.ALLOW,
    actions: access.actions.map((action) => `dynamodb:${action}`),
    resources: [tableArn(scope, access.table, access.region)],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [access.keys].flat() } },
  });
}
