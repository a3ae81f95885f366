import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { TestCloud } from '../harness/cloud.ts';

interface Run {
  readonly machine: string;
  /** Of the request that it is about, too. */
  readonly name: string;
}

/** As whoever asks starts it. */
export async function startMachine(
  cloud: TestCloud,
  sfn: SFNClient,
  { machine, name }: Run,
): Promise<void> {
  const region = await sfn.config.region();
  const stateMachineArn = cloud.cloud.deployment
    .byType('AWS::StepFunctions::StateMachine')
    .map(({ physicalId }) => physicalId)
    .find((arn) => arn.endsWith(`:${machine}`) && arn.includes(region));
  const input = JSON.stringify({ requestId: name });
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
}
