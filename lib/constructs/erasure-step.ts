import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { JitterType, JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { ErasureStep } from '../../functions/core/erasure/steps.ts';

/** A state that the function does; what it answers stands beside the request's id, as `answer`. */
export function erasureStep(
  scope: Construct,
  id: string,
  erasure: IFunction,
  step: ErasureStep,
): LambdaInvoke {
  return patiently(
    new LambdaInvoke(scope, id, {
      lambdaFunction: erasure,
      payload: TaskInput.fromObject({
        step,
        requestId: JsonPath.stringAt('$.requestId'),
        execution: JsonPath.stringAt('$$.Execution.Name'),
        startedAt: JsonPath.stringAt('$$.Execution.StartTime'),
      }),
      payloadResponseOnly: true,
      resultPath: '$.answer',
      // Longer than the function's own timeout.
      taskTimeout: Timeout.duration(Duration.minutes(6)),
      retryOnServiceExceptions: false,
    }),
  );
}

/** Retries whatever may pass by itself, for about half an hour; then the execution fails, and rings. */
export function patiently(task: LambdaInvoke): LambdaInvoke {
  task.addRetry({
    errors: ['States.ALL'],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 10,
    maxDelay: Duration.minutes(5),
    jitterStrategy: JitterType.FULL,
  });
  return task;
}
