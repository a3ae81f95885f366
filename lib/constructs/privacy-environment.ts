import type { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/environment.ts';
import type { Cell } from '../config.ts';
import { ERASURE_MACHINE, EXPORT_MACHINE, exportBucketName, recordsTableName } from '../names.ts';
import { workflowArn } from './workflow.ts';

/** Where a cell keeps what it proves, and what carries a right out. */
export function privacyEnvironment(scope: Construct, cell: Cell): Record<string, string> {
  return {
    [ENVIRONMENT.recordsTable]: recordsTableName(cell),
    [ENVIRONMENT.exportBucket]: exportBucketName(cell),
    [ENVIRONMENT.exportMachineArn]: workflowArn(scope, EXPORT_MACHINE),
    [ENVIRONMENT.erasureMachineArn]: workflowArn(scope, ERASURE_MACHINE),
  };
}
