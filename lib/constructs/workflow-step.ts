import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { JitterType, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** How long a state that failed is tried again, later each time; then the execution fails, and rings. */
interface Patience {
  readonly maxAttempts: number;
  readonly maxDelay: Duration;
}

interface WorkflowStep {
  /** What does it. */
  readonly by: IFunction;
  /** Without it, the state's own input. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Where its answer stands in what the next state gets; without it, in the place of all else. */
  readonly resultPath?: string;
  /** Longer than the function's own timeout. */
  readonly timeout?: Duration;
  readonly patience?: Patience;
  /** It cannot wait until others leave it some of the account's concurrency, and has to ring. */
  readonly isUrgent?: boolean;
}

/** Less than twenty minutes in all. */
const PATIENCE: Patience = { maxAttempts: 10, maxDelay: Duration.minutes(5) };
/**
 * Most of a day. Lambda has turned the call away because others have all of the account's
 * concurrency: nothing is wrong, and a thousand requests at once are to come to their end.
 */
const PATIENCE_WITH_OTHERS: Patience = { maxAttempts: 500, maxDelay: Duration.minutes(5) };

/**
 * A state that a function does, tried again whatever it fails by: the function finds what an attempt
 * before has done.
 */
export function workflowStep(scope: Construct, id: string, step: WorkflowStep): LambdaInvoke {
  const { by, payload, resultPath, timeout = Duration.minutes(6), isUrgent = false } = step;
  const task = new LambdaInvoke(scope, id, {
    lambdaFunction: by,
    ...(payload !== undefined && { payload: TaskInput.fromObject(payload) }),
    payloadResponseOnly: true,
    ...(resultPath !== undefined && { resultPath }),
    taskTimeout: Timeout.duration(timeout),
    retryOnServiceExceptions: false,
  });
  if (!isUrgent) waitForOthers(task);
  return addRetry(task, 'States.ALL', step.patience);
}

/** What waits for an answer from outside is tried again when it fails, not when none has come. */
export function retryFailures(task: LambdaInvoke): void {
  waitForOthers(task);
  addRetry(task, 'States.TaskFailed');
}

function waitForOthers(task: LambdaInvoke): void {
  addRetry(task, 'Lambda.TooManyRequestsException', PATIENCE_WITH_OTHERS);
}

/** Of several, the first that names the error is asked. */
function addRetry(task: LambdaInvoke, errors: string, patience = PATIENCE): LambdaInvoke {
  task.addRetry({
    errors: [errors],
    interval: Duration.seconds(2),
    backoffRate: 2,
    ...patience,
    jitterStrategy: JitterType.FULL,
  });
  return task;
}
