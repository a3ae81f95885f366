import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { EXPORT_MACHINE, recordsTableName } from '../names.ts';
import { useExportFiles } from './export-files-access.ts';
import { itemAccess } from './item-access.ts';
import { startWorkflows } from './workflow.ts';

/** Asks for exports and erasures: the request and what leads to it are one transaction. */
export function writeRequests(scope: Construct, cell: Cell): PolicyStatement {
  return itemAccess(scope, {
    sid: 'WriteRequests',
    table: recordsTableName(cell),
    keys: ['REQUEST#*', 'REQUESTS#*', 'REQUESTS-OF#*'],
    actions: ['PutItem'],
  });
}

/** Begins exports that are asked for, and hands out what comes of them. */
export function serveExports(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  return [
    startWorkflows(scope, 'StartExports', [EXPORT_MACHINE]),
    // Whoever signs a link is asked whether it may be read.
    useExportFiles(scope, cell, { sid: 'HandOutExports', actions: ['s3:GetObject'] }),
  ];
}

/** As people ask for their own: begins exports, looks after them, and lets them be fetched. */
export function askForExports(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    writeRequests(scope, cell),
    itemAccess(scope, {
      sid: 'ReadRequests',
      table,
      keys: 'REQUEST#*',
      // Beside a request stand the processors that it waits for.
      actions: ['GetItem', 'BatchGetItem', 'Query'],
    }),
    itemAccess(scope, {
      sid: 'ListOwnRequests',
      table,
      keys: 'REQUESTS-OF#*',
      actions: ['Query'],
    }),
    ...serveExports(scope, cell),
  ];
}
