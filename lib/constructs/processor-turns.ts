import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  IntegrationPattern,
  JsonPath,
  Map as MapState,
  Pass,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { retryFailures, workflowStep } from './workflow-step.ts';

/**
 * Every processor by itself: told, waited for by a callback, told again after each timeout, and
 * given up as overdue when its time is up. None is waited for where there is none.
 */
export function tellProcessors(scope: Construct, by: IFunction): MapState {
  const tell = new LambdaInvoke(scope, 'TellProcessor', {
    lambdaFunction: by,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      step: 'tell-processor',
      requestId: JsonPath.stringAt('$.requestId'),
      processorId: JsonPath.stringAt('$.processorId'),
      taskToken: JsonPath.taskToken,
    }),
    resultPath: JsonPath.DISCARD,
    taskTimeout: Timeout.at('$.reminderSeconds'),
    retryOnServiceExceptions: false,
  });
  // A timeout is no failure but an answer that has not come yet.
  retryFailures(tell);
  const remind = workflowStep(scope, 'Remind', {
    by,
    payload: {
      step: 'remind',
      requestId: JsonPath.stringAt('$.requestId'),
      processorId: JsonPath.stringAt('$.processorId'),
    },
    resultPath: '$.answer',
  });
  tell.addCatch(remind, { errors: ['States.Timeout'], resultPath: JsonPath.DISCARD });
  remind.next(
    new Choice(scope, 'IsTimeLeft')
      .when(Condition.stringEquals('$.answer.outcome', 'more'), tell)
      .otherwise(new Pass(scope, 'ProcessorDone')),
  );
  const each = new MapState(scope, 'TellProcessors', {
    itemsPath: '$.answer.processors',
    itemSelector: {
      requestId: JsonPath.stringAt('$.requestId'),
      processorId: JsonPath.stringAt('$$.Map.Item.Value.processorId'),
      reminderSeconds: JsonPath.numberAt('$$.Map.Item.Value.reminderSeconds'),
    },
    resultPath: JsonPath.DISCARD,
  });
  return each.itemProcessor(tell);
}
