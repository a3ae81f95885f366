import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { InvariantError } from '../../core/errors.ts';
import type { RotationMode } from '../../core/key-rotation.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

/** Executions of the workflow that rotates signing keys. */
export interface RotationRuns {
  /** Starts one; the ARN of the execution. It may find that another is running, and end. */
  start(executionId: string, mode: RotationMode): Promise<string>;
  /** ARN and status of an execution; undefined once Step Functions has forgotten it. */
  find(executionId: string): Promise<{ readonly arn: string; readonly status: string } | undefined>;
}

export function createRotationRuns(stateMachineArn: string): RotationRuns {
  const client = new SFNClient(AWS_CLIENT_SETTINGS);
  const prefix = stateMachineArn.replace(':stateMachine:', ':execution:');

  return {
    async start(executionId, mode) {
      const command = new StartExecutionCommand({
        stateMachineArn,
        name: executionId,
        input: JSON.stringify({ mode }),
      });
      const { executionArn } = await callAws('Step Functions', () => client.send(command));
      if (executionArn === undefined) throw new InvariantError('the execution has no ARN');
      return executionArn;
    },

    async find(executionId) {
      const arn = `${prefix}:${executionId}`;
      try {
        const { status = 'unknown' } = await callAws('Step Functions', () =>
          client.send(new DescribeExecutionCommand({ executionArn: arn })),
        );
        return { arn, status };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
  };
}
