import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { recordsTableName } from '../names.ts';
import { itemAccess } from './item-access.ts';

/** Turns of one workflow: `functions/adapters/dynamodb/slots.ts`. */
export function takeSlots(
  scope: Construct,
  cell: Cell,
  machine: 'export' | 'erasure',
): PolicyStatement {
  return itemAccess(scope, {
    sid: 'TakeSlots',
    table: recordsTableName(cell),
    keys: `SLOT#${machine}#*`,
    actions: ['BatchGetItem', 'UpdateItem', 'DeleteItem'],
  });
}
