import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { InvariantError } from '../../core/errors.ts';
import type { PrivacyRuns } from '../../core/ports/erasure-requests.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import { AWS_CLIENT_SETTINGS, callAws } from '../aws-errors.ts';
import { randomToken } from '../crypto/hash.ts';

/** Of the workflow given; its input is the request's id alone. */
export function createPrivacyRuns(stateMachineArn: string): PrivacyRuns {
  const client = new SFNClient(AWS_CLIENT_SETTINGS);

  /** False when there was one that has ended; one that runs is answered as if it were new. */
  async function isRunning(requestId: PrivacyRequestId): Promise<boolean> {
    const command = new StartExecutionCommand({
      stateMachineArn,
      name: requestId,
      input: JSON.stringify({ requestId }),
    });
    try {
      await callAws('Step Functions', () => client.send(command));
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return false;
      throw error;
    }
  }

  return {
    async start(requestId) {
      if (await isRunning(requestId)) return requestId;
      const another = randomToken() as PrivacyRequestId;
      if (await isRunning(another)) return another;
      throw new InvariantError('an execution under a new random name has ended already');
    },
  };
}
