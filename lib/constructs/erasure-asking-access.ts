import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { dataTableName, ERASURE_MACHINE, EXPORT_MACHINE, recordsTableName } from '../names.ts';
import { itemAccess } from './item-access.ts';
import { startWorkflows, workflowArn } from './workflow.ts';

/** Begins and undoes erasures: the account and its request change in one transaction. */
export function askForErasures(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  const table = recordsTableName(cell);
  return [
    itemAccess(scope, {
      sid: 'WriteErasureRequests',
      table,
      keys: ['REQUEST#*', 'REQUESTS#*', 'REQUESTS-OF#*'],
      actions: ['PutItem'],
    }),
    itemAccess(scope, {
      sid: 'MoveErasureRequests',
      table,
      keys: 'REQUEST#*',
      actions: ['GetItem', 'BatchGetItem', 'UpdateItem'],
    }),
    itemAccess(scope, {
      sid: 'KnowRunningRequests',
      table: dataTableName(cell),
      keys: 'USER#*',
      actions: ['GetItem', 'DeleteItem'],
    }),
    startWorkflows(scope, 'StartErasures', [ERASURE_MACHINE]),
  ];
}

/** Signs people out everywhere. */
export function endAccess(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'EndSessionsAndGrants',
      table: dataTableName(cell),
      keys: 'USER#*',
      actions: ['Query', 'UpdateItem', 'DeleteItem'],
    }),
  ];
}

/** Lets workflows go on that wait for processors. */
export function answerTasks(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'AnswerWaitingTasks',
    effect: Effect.ALLOW,
    actions: ['states:SendTaskSuccess'],
    resources: [ERASURE_MACHINE, EXPORT_MACHINE].map((name) => workflowArn(scope, name)),
  });
}
