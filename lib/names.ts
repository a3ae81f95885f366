import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Cell } from './config.ts';
import type { Surface } from './surfaces.ts';

// Physical names are deterministic, so that stacks and regions find each other without handing
// values around, and so that an operator recognises them.

export const DIRECTORY_TABLE = 'domicile-directory';
/** What operators restore beside it, as IAM names them. */
export const DIRECTORY_COPIES = `${DIRECTORY_TABLE}-restored*`;

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

/** What is proved and kept: audit, requests, certificates, the ledger of erasures. */
export function recordsTableName(cell: Cell): string {
  return `domicile-records-${cell.name}`;
}

/** Buckets share one namespace with the whole world: the account makes the name ours. */
export function exportBucketName(cell: Cell): string {
  return `domicile-exports-${cell.name}-${Aws.ACCOUNT_ID}`;
}

export function archiveBucketName(cell: Cell): string {
  return `domicile-archive-${cell.name}-${Aws.ACCOUNT_ID}`;
}

/** EventBridge bus on which processors are told; operators attach rules of their own. */
export const PRIVACY_BUS = 'domicile-privacy';

/** State machines, called the same in every cell. */
export const EXPORT_MACHINE = 'domicile-export';
export const ERASURE_MACHINE = 'domicile-erasure';
export const ERASURE_REPLAY_MACHINE = 'domicile-erasure-replay';
export const AUDIT_MACHINE = 'domicile-audit';

/** Where writes wait whose acts could not be recorded; an alarm watches it by this name. */
export const LOST_ACTS_QUEUE = 'domicile-events-failed';

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

/** CDK context: a directory of bundles that were made of these very sources already. */
export const BUNDLES_CONTEXT = 'domicile:bundles';
