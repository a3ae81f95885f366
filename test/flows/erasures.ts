import { randomBytes } from 'node:crypto';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { createPrivacyRequests } from '../../functions/adapters/dynamodb/privacy-requests.ts';
import { createErasureRequests } from '../../functions/adapters/dynamodb/privacy-requests-erasure.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { PrivacyRequestId } from '../../functions/core/ports/privacy-requests.ts';
import { addSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import type { ExecutionView } from '../../local/states/answers.ts';
import type { StoredItem, TestCloud } from '../harness/cloud.ts';
import { rest } from './rest.ts';

export const DAY = 86_400;

const AcknowledgedEvent = z.object({ acknowledgement: z.string() });

/** What the machine goes through when nothing is in its way, without choices. */
export type Erasures = ReturnType<typeof createErasures>;

/** Erasures of a cell as its REST asks for them, and what they leave. */
export function createErasures(cloud: TestCloud, cell = cloud.cloud.cells[0]?.name ?? '') {
  const { endpoint, ...credentials } = cloud.cloud.seed().aws;
  const settings = { endpoint, region: cloud.regions[cell] ?? '', credentials };
  const sfn = new SFNClient(settings);
  const dynamo = new DynamoDBClient(settings);
  const tables = {
    dynamo,
    dataTable: `domicile-data-${cell}`,
    recordsTable: `domicile-records-${cell}`,
  };
  const requests = createPrivacyRequests(tables);
  const asking = createErasureRequests({ ...tables, requests });
  const now = () => toEpochSeconds(cloud.cloud.clock.nowMs());
  const acting = () => ({ actor: { type: 'system', name: 'test' } as const, at: now() });

  function view(name: string): ExecutionView {
    const found = cloud.executions().find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no execution ${name}`);
    return found;
  }

  let acknowledged = 0;

  /** Every processor that was told since answers that it has done it. */
  async function acknowledgeAll(): Promise<void> {
    const told = cloud.events(acknowledged);
    acknowledged = told.at(-1)?.seq ?? acknowledged;
    for (const { detail } of told) {
      const body = AcknowledgedEvent.parse(detail);
      await rest(cloud, 'POST /v1/privacy/acknowledgements', { body });
    }
    if (told.length > 0) await cloud.advance(1);
  }

  return {
    ...{ dynamo, requests, view, acknowledgeAll },
    /** Asks for an erasure after so many days; its workflow runs once the clock moves. */
    async begin(sub: string, requestId = newRequestId(), graceDays = 1): Promise<PrivacyRequestId> {
      const wanted = {
        ...{ requestId, sub: sub as Sub, acting: acting() },
        erasesAt: addSeconds(now(), graceDays * DAY),
      };
      const asked = await asking.ask(wanted);
      if (asked.outcome !== 'asked') throw new Error(`not asked but ${asked.outcome}`);
      await this.start('domicile-erasure', { requestId }, requestId);
      return requestId;
    },
    /** As `begin`, and to its first wait. */
    async ask(sub: string, graceDays = 1): Promise<PrivacyRequestId> {
      const requestId = await this.begin(sub, newRequestId(), graceDays);
      await cloud.advance(1);
      return requestId;
    },
    async start(machine: string, input: object, name: string): Promise<void> {
      const stateMachineArn = cloud.cloud.deployment
        .byType('AWS::StepFunctions::StateMachine')
        .map(({ physicalId }) => physicalId)
        .find((arn) => arn.endsWith(`:${machine}`) && arn.includes(settings.region));
      const command = { stateMachineArn, name, input: JSON.stringify(input) };
      await sfn.send(new StartExecutionCommand(command));
    },
    /** As legal holds count themselves on the account. */
    async setHolds(sub: string, holds: number): Promise<void> {
      const update = {
        TableName: tables.dataTable,
        Key: { pk: { S: `USER#${sub}` }, sk: { S: 'ACCOUNT' } },
        UpdateExpression: 'SET holds = :holds',
        ExpressionAttributeValues: { ':holds': { N: String(holds) } },
      };
      await dynamo.send(new UpdateItemCommand(update));
    },
    /** Everybody's run to its end; what fails on the way is redriven there. */
    async finishAll(
      names: ReadonlyArray<string>,
      meanwhile: () => Promise<void> = acknowledgeAll,
    ): Promise<void> {
      await cloud.advance(1);
      for (let moves = 0; moves < 80; moves += 1) {
        await meanwhile();
        const runs = names.map(view);
        if (runs.every(({ status }) => status === 'SUCCEEDED')) return;
        const failed = runs.filter(({ status }) => status === 'FAILED');
        await Promise.all(failed.map(({ arn }) => cloud.redrive(arn)));
        const waits = runs.flatMap(({ waitsUntil = '' }) => Date.parse(waitsUntil) || []);
        // Never past somebody who is not that far: they go on first.
        const leftMs = failed.length > 0 ? 0 : Math.max(...waits) - cloud.cloud.clock.nowMs();
        await cloud.advance(Math.max(1, Math.ceil(leftMs / 1000)));
      }
      throw new Error('some erasures come to no end');
    },
    undo: (requestId: PrivacyRequestId) => asking.undo(requestId, acting()),
    /** Moves the clock from wait to wait, until the execution has ended or stands at `before`. */
    async finish(name: string, before?: string): Promise<ExecutionView> {
      for (let moves = 0; moves < 20; moves += 1) {
        await acknowledgeAll();
        const { waitsUntil, states } = view(name);
        if (waitsUntil === undefined || states.at(-1)?.name === before) break;
        const leftMs = Date.parse(waitsUntil) - cloud.cloud.clock.nowMs();
        await cloud.advance(Math.max(1, Math.ceil(leftMs / 1000)));
      }
      return view(name);
    },
    close: () => {
      sfn.destroy();
      dynamo.destroy();
    },
  };
}

export function newRequestId(): PrivacyRequestId {
  return randomBytes(16).toString('base64url') as PrivacyRequestId;
}

/** Every item of a person's collection. */
export function collectionOf(items: ReadonlyArray<StoredItem>, sub: string) {
  return items.filter(({ pk }) => pk === `USER#${sub}`);
}
