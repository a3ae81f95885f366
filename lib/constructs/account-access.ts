import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { dataTableName, keyTableName } from '../names.ts';
import { itemAccess } from './item-access.ts';

/** What opens people's profiles, once the cell's keyring has opened it. */
export function readDataKeys(
  scope: Construct,
  cell: Cell,
  actions: ReadonlyArray<'GetItem' | 'BatchGetItem'> = ['BatchGetItem'],
): PolicyStatement {
  const table = keyTableName(cell);
  return itemAccess(scope, { sid: 'ReadDataKeys', table, keys: 'USER#*', actions });
}

/** Wherever a password is asked for: how often it was wrong. */
export function countFailures(scope: Construct, cell: Cell): PolicyStatement {
  return itemAccess(scope, {
    sid: 'CountFailures',
    table: dataTableName(cell),
    keys: 'ATTEMPTS#*',
    actions: ['UpdateItem'],
  });
}
