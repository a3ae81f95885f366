import type { SharedClock } from './clock.ts';
import { ControlError } from './control/body.ts';
import type { ControlledCloud, Restoring } from './control/controlled-cloud.ts';
import type { Demos } from './demo/demos.ts';
import { DEFAULT_REPLICATION_DELAY_MS } from './dynamodb/replication.ts';
import type { AccessLog } from './http-api/access-log.ts';
import type { Inbox } from './inbox.ts';
import { type Infrastructure, OPERATOR } from './infrastructure.ts';
import type { Region } from './region.ts';
import { type Cell, controlCells } from './running-cells.ts';
import { viewBucket, viewObjects } from './s3/bucket-view.ts';
import { registerClient } from './seed.ts';
import { emptyTables } from './seeding.ts';
import { type SharedRuns, shareRuns } from './shared-runs.ts';
import { restoreSnapshot } from './snapshot.ts';
import type { CloudState, DataDirectory } from './state.ts';
import type { StreamMode } from './streams/streams.ts';
import { AwsError, type AwsRequest, type AwsService } from './types.ts';

export interface RunningParts {
  readonly infrastructure: Infrastructure;
  readonly clock: SharedClock;
  readonly accessLog: AccessLog;
  readonly state: CloudState;
  readonly data: DataDirectory;
  readonly inbox: Inbox;
  readonly demos: Demos;
  readonly issuer: string;
  readonly streams: StreamMode;
  readonly cells: ReadonlyArray<Cell>;
}

/** One after the other: they would empty and fill the same tables, and start each app twice. */
export function createResets(parts: RunningParts): SharedRuns {
  return shareRuns(() => reset(parts));
}

/** What can be seen of a running cloud and done to it, for the control API and for tests. */
export function controlCloud(parts: RunningParts, resets: SharedRuns): ControlledCloud {
  const { infrastructure, clock, accessLog, state, issuer } = parts;
  const { regions, functions, authorizer, callLog, faults, logs } = infrastructure;
  return {
    ...controlCells(infrastructure, parts.cells),
    clock,
    faults,
    seed: () => ({
      issuer,
      consoleUrl: `${issuer}/_local`,
      clients: state.seed,
      aws: {
        endpoint: infrastructure.gatewayUrl,
        region: parts.cells[0]?.region ?? '',
        accessKeyId: infrastructure.operatorCredentials.accessKeyId,
        secretAccessKey: infrastructure.operatorCredentials.secretAccessKey,
      },
    }),
    inbox: parts.inbox.messages,
    calls: (since) => callLog.since(since),
    requests: () => accessLog.list(),
    logs: () => logs.list(),
    executions: () => [...regions.values()].flatMap(({ workflows }) => workflows.view()),
    events: (since) => infrastructure.archive.since(since),
    redrive: (executionArn) => redrive(infrastructure, executionArn),
    restore: (restoring) => restore(infrastructure, restoring),
    grants: () => ({ statements: authorizer.statements(), usage: authorizer.usage() }),
    items: async (region, table) => {
      const dynamodb = regions.get(region)?.dynamodb;
      return dynamodb?.tables().includes(table) ? await dynamodb.items(table) : undefined;
    },
    ...controlBuckets(infrastructure),
    registerClient: (metadata) =>
      registerClient(functions.requireByName('domicile-admin'), metadata),
    queues: () => [...regions.values()].flatMap(({ sqs }) => sqs.view()),
    deliverStreams: async () => {
      const all = await Promise.all([...regions.values()].map(({ streams }) => streams.deliver()));
      return !all.includes(false);
    },
    advance: async (seconds) => {
      clock.advance(seconds);
      await parts.data.writeState({ ...state, clockOffsetMs: clock.offsetMs() });
      await Promise.all([...regions.values()].map(({ dynamodb }) => dynamodb.sweepExpired()));
      await Promise.all([...regions.values()].map((region) => comeToRest(region, parts.streams)));
    },
    reset: resets.ask,
  };
}

/** After a move of the clock. */
async function comeToRest({ workflows, lambda, streams }: Region, mode: StreamMode): Promise<void> {
  await workflows.clockMoved();
  if (mode === 'live') await streams.deliver();
  await lambda.settled();
}

function controlBuckets({ regions }: Infrastructure): Pick<ControlledCloud, 'buckets' | 'objects'> {
  return {
    buckets: async () => {
      const all = await Promise.all([...regions.values()].map(({ s3 }) => s3.buckets()));
      return all.flat().map(viewBucket);
    },
    objects: async (region, name) => {
      const buckets = (await regions.get(region)?.s3.buckets()) ?? [];
      const bucket = buckets.find(({ definition }) => definition.name === name);
      return bucket && viewObjects(bucket);
    },
  };
}

async function redrive({ regions }: Infrastructure, executionArn: string): Promise<void> {
  const [, , , region = ''] = executionArn.split(':');
  const service = regions.get(region)?.workflows.service;
  await callAsOperator(service, { service: 'states', region }, 'RedriveExecution', {
    executionArn,
  });
}

async function restore({ regions }: Infrastructure, restoring: Restoring): Promise<string> {
  const { region, table, target = `${table}-restored`, atMs } = restoring;
  const time =
    atMs === undefined ? { UseLatestRestorableTime: true } : { RestoreDateTime: atMs / 1000 };
  const service = regions.get(region)?.dynamodb;
  await callAsOperator(service, { service: 'dynamodb', region }, 'RestoreTableToPointInTime', {
    SourceTableName: table,
    TargetTableName: target,
    ...time,
  });
  return target;
}

/** Throws ControlError for what the service refuses. */
async function callAsOperator(
  service: AwsService | undefined,
  place: Pick<AwsRequest, 'service' | 'region'>,
  operation: string,
  input: AwsRequest['input'],
): Promise<void> {
  try {
    await service?.handle({ ...place, operation, principal: OPERATOR, headers: {}, input });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ControlError(409, error.code, error.message);
  }
}

async function reset(parts: RunningParts): Promise<void> {
  const { infrastructure, clock, accessLog, state, data, inbox, demos } = parts;
  const { regions, functions, callLog, faults, logs, archive, replication } = infrastructure;
  faults.clear();
  clock.setOffsetMs(0);
  await Promise.all([...regions.values()].map(({ streams }) => streams.halt()));
  await Promise.all([...regions.values()].map(({ workflows }) => workflows.reset()));
  // Containers cache registrations and times of the world that ends here.
  await functions.recycle();
  infrastructure.states.reset();
  for (const { region } of parts.cells) replication.release(region);
  replication.setDelayMs(DEFAULT_REPLICATION_DELAY_MS);
  replication.resume();
  await emptyTables(infrastructure);
  for (const { name, dynamodb } of regions.values()) {
    await restoreSnapshot(name, dynamodb, state.snapshot, OPERATOR);
  }
  await replication.flush();
  for (const { sqs, streams } of regions.values()) {
    sqs.reset();
    await streams.reset();
  }
  inbox.clear();
  callLog.clear();
  accessLog.clear();
  logs.clear();
  archive.clear();
  await data.writeState({ ...state, clockOffsetMs: 0 });
  await demos.restart();
}
