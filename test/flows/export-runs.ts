/** Exports by their workflow alone, of people whom no page has seen. */
import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createExportRequests } from '../../functions/adapters/dynamodb/export-requests.ts';
import { createPrivacyRequests } from '../../functions/adapters/dynamodb/privacy-requests.ts';
import type { Sub } from '../../functions/core/ids.ts';
import type { PrivacyRequestId } from '../../functions/core/ports/privacy-requests.ts';
import { toEpochSeconds } from '../../functions/core/time.ts';
import type { TestCloud } from '../harness/cloud.ts';
import { acknowledgementsOf, answer, executionOf } from './exports.ts';
import { startMachine } from './state-machines.ts';

const WEEK = 7 * 86_400;

export type ExportRuns = ReturnType<typeof createExportRuns>;

export function createExportRuns(cloud: TestCloud, cell = cloud.cloud.cells[0]?.name ?? '') {
  const { endpoint, ...credentials } = cloud.cloud.seed().aws;
  const settings = { endpoint, region: cloud.regions[cell] ?? '', credentials };
  const sfn = new SFNClient(settings);
  const dynamo = new DynamoDBClient(settings);
  const tables = {
    ...{ dynamo, dataTable: `domicile-data-${cell}` },
    recordsTable: `domicile-records-${cell}`,
  };
  const requests = createPrivacyRequests(tables);
  const asking = createExportRequests({ ...tables, requests });
  const answered = new Set<string>();

  /** Runs that failed are redriven where they did; processors that were asked since answer. */
  async function goOn(requestIds: ReadonlyArray<string>, areSilent = false): Promise<void> {
    for (const requestId of requestIds) {
      const { status, arn } = executionOf(cloud, requestId);
      if (status === 'FAILED') await cloud.redrive(arn);
      if (areSilent) continue;
      const isNew = (word: string) => !answered.has(word);
      const words = acknowledgementsOf(cloud, requestId).filter(isNew);
      for (const word of words) {
        answered.add(word);
        await answer(cloud, word);
      }
    }
  }

  async function ask(sub: Sub, requestId: PrivacyRequestId): Promise<void> {
    const at = toEpochSeconds(cloud.cloud.clock.nowMs());
    const acting = { actor: { type: 'person', sub }, at } as const;
    const asked = await asking.ask({ requestId, sub, withCredentials: false, acting });
    if (asked.outcome !== 'asked') throw new Error(`not asked but ${asked.outcome}`);
  }

  const start = (name: string) => startMachine(cloud, sfn, { machine: 'domicile-export', name });

  async function untilReady(
    requestIds: ReadonlyArray<string>,
    { everySeconds, areSilent }: { everySeconds: number; areSilent: boolean },
  ): Promise<void> {
    for (let moves = 0; moves < 60; moves += 1) {
      const runs = requestIds.map((id) => executionOf(cloud, id));
      // What has failed goes on at once.
      const isFailed = runs.some(({ status }) => status === 'FAILED');
      await cloud.advance(isFailed ? 1 : everySeconds);
      const open = requestIds.filter((id) => {
        const { status, states } = executionOf(cloud, id);
        return status !== 'SUCCEEDED' && states.at(-1)?.name !== 'WaitExpiry';
      });
      if (open.length === 0) return;
      await goOn(open, areSilent);
    }
    throw new Error('some exports come to no end');
  }

  return {
    ...{ dynamo, requests },
    /** Asks for an export; its workflow runs once the clock moves. */
    async begin(sub: Sub, requestId: PrivacyRequestId): Promise<void> {
      await ask(sub, requestId);
      await start(requestId);
    },
    /** Their workflows have looked for the requests before these are written. */
    async beginLate(people: ReadonlyArray<readonly [Sub, PrivacyRequestId]>): Promise<void> {
      for (const [, requestId] of people) await start(requestId);
      const ids = people.map(([, requestId]) => requestId);
      const isFailed = (id: string) => executionOf(cloud, id).status === 'FAILED';
      for (let moves = 0; moves < 2 || ids.some(isFailed); moves += 1) {
        await goOn(ids, true);
        await cloud.advance(3);
      }
      for (const [sub, requestId] of people) await ask(sub, requestId);
    },
    /** Until each lies ready and was told of, or has ended. */
    untilReady: (requestIds: ReadonlyArray<string>) =>
      untilReady(requestIds, { everySeconds: 3, areSilent: false }),
    /** As that, and no processor answers anything. */
    untilGivenUp: (requestIds: ReadonlyArray<string>) =>
      untilReady(requestIds, { everySeconds: 6 * 3600, areSilent: true }),
    async untilExpired(requestIds: ReadonlyArray<string>): Promise<void> {
      await cloud.advance(WEEK);
      for (let moves = 0; moves < 30; moves += 1) {
        const open = requestIds.filter((id) => executionOf(cloud, id).status !== 'SUCCEEDED');
        if (open.length === 0) return;
        await goOn(open);
        await cloud.advance(3);
      }
      throw new Error('some exports come to no end');
    },
    close: () => {
      sfn.destroy();
      dynamo.destroy();
    },
  };
}

export function newExportId(): PrivacyRequestId {
  return randomBytes(16).toString('base64url') as PrivacyRequestId;
}
