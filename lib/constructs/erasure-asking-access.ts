import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Cell } from '../config.ts';
import { ERASURE_MACHINE, EXPORT_MACHINE, recordsTableName } from '../names.ts';
import { itemAccess } from './item-access.ts';
import { startWorkflows, workflowArn } from './workflow.ts';

/** Begins erasures, and undoes them; `writeRequests` is what every request is written with. */
export function moveErasures(scope: Construct, cell: Cell): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'UndoErasures',
      table: recordsTableName(cell),
      keys: 'REQUEST#*',
      actions: ['UpdateItem'],
    }),
    startWorkflows(scope, 'StartErasures', [ERASURE_MACHINE]),
  ];
}

/** Lets workflows go on that wait for processors. */
export function answerTasks(
  scope: Construct,
  machines: ReadonlyArray<string> = [ERASURE_MACHINE, EXPORT_MACHINE],
): PolicyStatement {
  return new PolicyStatement({
    sid: 'AnswerWaitingTasks',
    effect: Effect.ALLOW,
    actions: ['states:SendTaskSuccess'],
    resources: machines.map((name) => workflowArn(scope, name)),
  });
}
