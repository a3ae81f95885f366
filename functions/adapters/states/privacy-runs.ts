import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { PrivacyRuns } from '../../core/ports/erasure-requests.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

/** Of the workflow given; its input is the request's id alone. */
export function createPrivacyRuns(stateMachineArn: string): PrivacyRuns {
  const client = new SFNClient(AWS_CLIENT_SETTINGS);
  return {
    async start(requestId) {
      const command = new StartExecutionCommand({
        stateMachineArn,
        name: requestId,
        input: JSON.stringify({ requestId }),
      });
      try {
        await callAws('Step Functions', () => client.send(command));
      } catch (error) {
        // It runs, or ran, already.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
