import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { ErasureRuns } from '../../core/ports/erasures.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';

/** `<request>`, `<request>.2`, `<request>.3`… */
export function createErasureRuns(stateMachineArn: string): ErasureRuns {
  const client = new SFNClient(AWS_CLIENT_SETTINGS);
  return {
    async startAfter(requestId, execution) {
      const [, number = '1'] = execution.split('.');
      const command = new StartExecutionCommand({
        stateMachineArn,
        name: `${requestId}.${Number(number) + 1}`,
        input: JSON.stringify({ requestId }),
      });
      try {
        await callAws('Step Functions', () => client.send(command));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
