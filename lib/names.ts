import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Cell } from './config.ts';

// Physical names are deterministic, so that stacks and regions find each other without handing
// values around, and so that an operator recognises them.

export const DIRECTORY_TABLE = 'domicile-directory';

/** Names the key of the directory's replica in every region but the primary one. */
export const DIRECTORY_KEY_ALIAS = 'alias/domicile-directory';

export function dataTableName(cell: Cell): string {
  return `domicile-data-${cell.name}`;
}

export function keyTableName(cell: Cell): string {
  return `domicile-keys-${cell.name}`;
}

export function functionName(surface: string): string {
  return `domicile-${surface}`;
}

/** The table, or its replica, in the region of the scope's own stack. */
export function tableArn(scope: Construct, tableName: string): string {
  return Stack.of(scope).formatArn({
    service: 'dynamodb',
    resource: 'table',
    resourceName: tableName,
  });
}
