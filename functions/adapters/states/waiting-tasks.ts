import {
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { WaitingTasks } from '../../core/ports/processors.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

export function createWaitingTasks(): WaitingTasks {
  const client = new SFNClient(AWS_CLIENT_SETTINGS);
  return {
    async succeed(taskToken) {
      // What a processor returns stays in our table: the history of an execution holds ids only.
      const command = new SendTaskSuccessCommand({ taskToken, output: '{}' });
      try {
        await callAws('Step Functions', () => client.send(command));
      } catch (error) {
        if (!isOver(error)) throw error;
      }
    },
  };
}

/** Answered, timed out or told again since. */
function isOver(error: unknown): boolean {
  return (
    error instanceof TaskTimedOut ||
    error instanceof TaskDoesNotExist ||
    error instanceof InvalidToken
  );
}
