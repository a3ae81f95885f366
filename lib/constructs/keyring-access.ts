import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DIRECTORY_TABLE, dataTableName } from '../names.ts';
import type { CellContext } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { openCellKeyring, openSharedKeyring } from './key-access.ts';

/** The keyring that all cells share: peppers, and what is handed over between cells. */
export function useSharedKeyring(scope: Construct): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'ReadSharedKeyring',
      table: DIRECTORY_TABLE,
      keys: 'KEYRING',
      actions: ['GetItem'],
    }),
    openSharedKeyring(scope),
  ];
}

/** The cell's own keyring: what opens its people and their browsers' state. */
export function useCellKeyring(
  scope: Construct,
  { cell, cellKeyArn }: Pick<CellContext, 'cell' | 'cellKeyArn'>,
): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'ReadCellKeyring',
      table: dataTableName(cell),
      keys: 'CELL-KEYRING',
      actions: ['GetItem'],
    }),
    openCellKeyring(cellKeyArn, cell),
  ];
}
