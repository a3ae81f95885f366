import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Cell } from './config.ts';
import type { Surface } from './surfaces.ts';

// Physical names are deterministic, so that stacks and regions find each other without handing
// values around, and so that an operator recognises them.

export const DIRECTORY_TABLE = 'domicile-directory';

/** Names the key of the directory's replica in every region but the primary one. */
export const DIRECTORY_KEY_ALIAS = 'alias/domicile-directory';

/** CloudFront takes certificates and firewalls from this region alone. */
export const EDGE_REGION = 'us-east-1';

export function dataTableName(cell: Cell): string {
  return `domicile-data-${cell.name}`;
}

export function keyTableName(cell: Cell): string {
  return `domicile-keys-${cell.name}`;
}

export function functionName(surface: Surface): string {
  return `domicile-${surface}`;
}

/** The table, or its replica, in the region given; by default that of the scope's own stack. */
export function tableArn(scope: Construct, tableName: string, region?: string): string {
  return Stack.of(scope).formatArn({
    service: 'dynamodb',
    ...(region !== undefined && { region }),
    resource: 'table',
    resourceName: tableName,
  });
}

/** A surface's function in another cell: it is called the same everywhere. */
export function functionArn(scope: Construct, surface: Surface, region: string): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    region,
    resource: 'function',
    resourceName: functionName(surface),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
