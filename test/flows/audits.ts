import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { readArchived } from '../../bin/admin/audit-archive.ts';
import { createRemoteTrail } from '../../bin/admin/audit-remote.ts';
import { type Verified, verifyTrail } from '../../bin/admin/audit-verify.ts';
import type { AuditRecord } from '../../functions/core/audit/audit-record.ts';
import { type EpochSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import type { TestCloud } from '../harness/cloud.ts';

export const HOUR = 3600;

const MACHINE = 'domicile-audit';
const Answer = z.object({ ok: z.literal(true), result: z.record(z.string(), z.unknown()) });
const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

export type Audits = ReturnType<typeof createAudits>;

/** A cell's audit trail as operators reach it: its workflow, its questions, its verification. */
export function createAudits(cloud: TestCloud, cell = cloud.cloud.cells[0]?.name ?? '') {
  const { endpoint, ...credentials } = cloud.cloud.seed().aws;
  const settings = { endpoint, region: cloud.regions[cell] ?? '', credentials };
  const sfn = new SFNClient(settings);
  const lambda = new LambdaClient(settings);
  const dynamo = new DynamoDBClient(settings);

  async function invoke(operation: string, input: Readonly<Record<string, unknown>>) {
    const Payload = JSON.stringify({ operation, input });
    const output = await lambda.send(new InvokeCommand({ FunctionName: MACHINE, Payload }));
    return Answer.parse(JSON.parse(Buffer.from(output.Payload ?? []).toString())).result;
  }

  const trail = createRemoteTrail(invoke);
  const now = (): EpochSeconds => toEpochSeconds(cloud.cloud.clock.nowMs());

  return {
    ...{ dynamo, trail, now },
    table: `domicile-records-${cell}`,

    async find(query: Readonly<Record<string, unknown>> = {}): Promise<Array<AuditRecord>> {
      const found: Array<AuditRecord> = [];
      for await (const { records } of trail.find(query)) found.push(...records);
      return found;
    },

    /** Starts the workflow and lets it come to rest; returns how it ended, and where. */
    async run() {
      const stateMachineArn = cloud.cloud.deployment
        .byType('AWS::StepFunctions::StateMachine')
        .map(({ physicalId }) => physicalId)
        .find((arn) => arn.endsWith(`:${MACHINE}`) && arn.includes(settings.region));
      const name = randomBytes(8).toString('hex');
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }));
      await cloud.advance(1);
      const view = cloud.executions(MACHINE).find((one) => one.name === name);
      if (view === undefined) throw new Error('the workflow has not begun');
      return view;
    },

    /** Everything that has happened until now is sealed. */
    async sealAll(): Promise<void> {
      await cloud.deliverStreams();
      await cloud.advance(2 * HOUR);
      const { status } = await this.run();
      if (status !== 'SUCCEEDED') throw new Error(`sealing ended as ${status}`);
    },

    async verify(archive: ReadonlyArray<string> = [], jwks?: unknown): Promise<Verified> {
      const about = await trail.about();
      return verifyTrail(trail, about, {
        archive: await Promise.all(archive.map(readArchived)),
        jwks: Keys.parse(jwks ?? about.jwks),
        progress: () => undefined,
      });
    },

    close() {
      for (const client of [sfn, lambda, dynamo]) client.destroy();
    },
  };
}
