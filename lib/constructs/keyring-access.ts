import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DIRECTORY_TABLE, dataTableName } from '../names.ts';
import type { CellContext } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { openCellKeyring, openSharedKeyring } from './key-access.ts';

/** Both keyrings, as every surface behind the HTTP API opens them once per container. */
export function openKeyrings(
  scope: Construct,
  { cell, cellKeyArn }: CellContext,
): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'ReadKeyring',
      table: DIRECTORY_TABLE,
      keys: 'KEYRING',
      actions: ['GetItem'],
    }),
    itemAccess(scope, {
      sid: 'ReadCellKeyring',
      table: dataTableName(cell),
      keys: 'CELL-KEYRING',
      actions: ['GetItem'],
    }),
    openSharedKeyring(scope),
    openCellKeyring(cellKeyArn, cell),
  ];
}
