import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  IntegrationPattern,
  JitterType,
  JsonPath,
  Map as MapState,
  Pass,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { patiently } from './erasure-step.ts';

/** Whatever may pass by itself; a timeout is no failure but an answer that has not come yet. */
const RETRIES = {
  errors: ['States.TaskFailed'],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 10,
  maxDelay: Duration.minutes(5),
  jitterStrategy: JitterType.FULL,
};

/**
 * Every processor by itself: told, waited for by a callback, told again after each timeout, and
 * given up as overdue when its time is up. None is waited for where there is none.
 */
export function tellProcessors(scope: Construct, erasure: IFunction): MapState {
  const tell = new LambdaInvoke(scope, 'TellProcessor', {
    lambdaFunction: erasure,
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
  tell.addRetry(RETRIES);
  const remind = patiently(
    new LambdaInvoke(scope, 'Remind', {
      lambdaFunction: erasure,
      payload: TaskInput.fromObject({
        step: 'remind',
        requestId: JsonPath.stringAt('$.requestId'),
        processorId: JsonPath.stringAt('$.processorId'),
      }),
      payloadResponseOnly: true,
      resultPath: '$.answer',
      taskTimeout: Timeout.duration(Duration.minutes(6)),
      retryOnServiceExceptions: false,
    }),
  );
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
