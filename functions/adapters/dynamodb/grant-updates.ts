import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import type { GrantPointer } from '../../core/ports/grants.ts';
import type { Item } from './account-items.ts';
import { actAttribute } from './acts.ts';
import { grantKey } from './grant-items.ts';
import { sendDynamo } from './send.ts';

export interface GrantUpdate {
  readonly condition: string;
  readonly expression: string;
  /** By placeholder, without the colon; `#state` is always defined. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Written as `act`; without one, that of the write before goes, or it would be read again. */
  readonly act?: Act;
}

/** The item after the write, or as it was when the condition failed. */
export type GrantUpdated =
  | { readonly written: true; readonly item: Item }
  | { readonly written: false; readonly item: Item | undefined };

export type UpdateGrant = (pointer: GrantPointer, update: GrantUpdate) => Promise<GrantUpdated>;

/** One conditional write that tells what it found, so that a refusal costs no second read. */
export function createGrantUpdate(dynamo: DynamoDBClient, dataTable: string): UpdateGrant {
  return async ({ sub, grantId }, { condition, expression, values, act }) => {
    const placeholders = Object.entries(values).map(([name, value]) => [`:${name}`, value]);
    try {
      const { Attributes: item } = await sendDynamo(
        dynamo,
        new UpdateItemCommand({
          TableName: dataTable,
          Key: grantKey(sub, grantId),
          ConditionExpression: condition,
          UpdateExpression: act === undefined ? withoutAct(expression) : expression,
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: {
            ...marshall(Object.fromEntries(placeholders)),
            ...(act !== undefined && { ':act': actAttribute(act) }),
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { written: true, item: item ?? {} };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { written: false, item: error.Item };
    }
  };
}

function withoutAct(expression: string): string {
  return expression.includes(' REMOVE ') ? `${expression}, act` : `${expression} REMOVE act`;
}
