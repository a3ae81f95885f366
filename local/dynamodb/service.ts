import { join } from 'node:path';
import type { AwsRequest, AwsResponse, AwsService, Clock, DeployedResource } from '../types.ts';
import { authorizationsOf } from './authorizations.ts';
import { openChangeLog } from './change-log.ts';
import { describe, describeBackups, isDescription, loadDeclared } from './descriptions.ts';
import { createDynaliteEngine } from './dynalite-engine.ts';
import type { Change, Engine, Origin } from './engine.ts';
import { type PlainItem, toPlainItem } from './plain-item.ts';
import { createRecovery } from './recovery.ts';
import { readRegionTables } from './region-tables.ts';
import { createRemoteEngine } from './remote-engine.ts';
import { createReplicaFeed } from './replica-feed.ts';
import type { Replica } from './replication.ts';
import { deleteTable, dropRestored, keepRestoredTables, restoreTable } from './restored-tables.ts';
import { createStreamJournal, STREAM_OPERATIONS } from './stream-journal.ts';
import type { Table } from './table.ts';
import { sweepExpired } from './time-to-live.ts';

export interface DynamoDbOptions {
  readonly region: string;
  readonly account: string;
  /**
   * `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable` of the deployment: those declared in
   * this region are served, and global tables with a replica here.
   */
  readonly tables: ReadonlyArray<DeployedResource>;
  /** `AWS::KMS::Alias` of the deployment, by which tables may name their key. */
  readonly aliases?: ReadonlyArray<DeployedResource>;
  readonly clock: Clock;
  /** dynalite in process, or a running DynamoDB Local. */
  readonly engine: 'dynalite' | { readonly endpoint: string };
  /** Where dynalite keeps items over restarts; in memory without it. */
  readonly dataDirectory?: string;
}

export interface DynamoDbService extends AwsService {
  tables(): ReadonlyArray<string>;
  /** For the replication of global tables between regions. */
  readonly replica: Replica;
  /** Calls back when a table's stream has news; dynalite alone tells. */
  onStreamed(listener: (streamArn: string) => void): void;
  /** As stored, in plain JSON: binary values as base64, sets as lists. */
  items(table: string): Promise<ReadonlyArray<PlainItem>>;
  /** Deletes what TTL has expired by the clock: call it when the clock was moved. Counts deletions. */
  sweepExpired(): Promise<number>;
  /** Empties every table and stream. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 60_000;

/**
 * DynamoDB of one region, tables as its template declares them. Serves DynamoDB_20120810 and
 * DynamoDBStreams_20120810: their operation names do not overlap.
 */
export async function createDynamoDbService(options: DynamoDbOptions): Promise<DynamoDbService> {
  const { region, account, clock } = options;
  const declared = readRegionTables(options);
  const kept = await keepRestoredTables(options.dataDirectory);
  const tables = [...declared, ...kept.known];
  const { dataDirectory } = options;
  const log = await openChangeLog(
    dataDirectory === undefined ? undefined : join(dataDirectory, 'changes.jsonl'),
    clock.nowMs,
  );
  const recovery = createRecovery(declared, clock, log.known);
  let tellStreamed: (streamArn: string) => void = () => undefined;
  const journal = createStreamJournal(tables, region, clock, log.known, (arn) => tellStreamed(arn));
  const feed = createReplicaFeed(tables);
  const engine = await openEngine(options, tables, (change, origin) => {
    const logged = log.append(change, origin);
    recovery.append(logged);
    journal.append(logged);
    feed.append(change, origin);
  });
  const restoring = { region, account, tables, declared, engine, recovery, kept };
  const sweeper = setInterval(() => {
    sweepExpired(engine, tables, clock).catch((error: unknown) => {
      console.error('TTL sweep failed', error);
    });
  }, SWEEP_INTERVAL_MS).unref();

  async function run({ operation, input }: AwsRequest) {
    if (operation === 'DeleteTable') return deleteTable(restoring, input);
    if (operation === 'RestoreTableToPointInTime') return restoreTable(restoring, input);
    if (operation === 'DescribeContinuousBackups') {
      const table = loadDeclared(tables, input);
      const window = recovery.windowOf(table);
      return { ContinuousBackupsDescription: describeBackups(table, window) };
    }
    if (isDescription(operation)) return describe(operation, tables, input);
    if (STREAM_OPERATIONS.has(operation)) {
      // Which streams there are, the template says.
      const own = operation !== 'ListStreams' && engine.streams;
      return own ? own(operation, input) : journal.call(operation, input);
    }
    return engine.call(operation, input);
  }

  return {
    authorizations: ({ operation, input }) =>
      authorizationsOf({ region, account, tables }, operation, input),
    handle: async (request) => toResponse(await run(request)),
    tables: () => tables.map(({ name }) => name),
    onStreamed: (listener) => {
      tellStreamed = listener;
    },
    items: async (table) => (await engine.items(table)).map(toPlainItem),
    sweepExpired: () => sweepExpired(engine, tables, clock),
    replica: { ...feed, replicate: engine.replicate },
    async reset() {
      // Before it for what is underway, after it for what was waiting to be written.
      feed.reset();
      await dropRestored(restoring);
      await engine.reset();
      feed.reset();
      journal.reset();
      recovery.reset();
      log.reset();
    },
    async close() {
      clearInterval(sweeper);
      await engine.close();
      await Promise.all([log.flush(), kept.flush()]);
    },
  };
}

async function openEngine(
  options: DynamoDbOptions,
  tables: ReadonlyArray<Table>,
  onChange: (change: Change, origin: Origin) => void,
): Promise<Engine> {
  const { engine, region, account, clock, dataDirectory } = options;
  if (engine !== 'dynalite') return createRemoteEngine({ ...engine, region, tables, onChange });
  return createDynaliteEngine({ region, account, tables, clock, dataDirectory, onChange });
}

function toResponse(output: object): AwsResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { status: 200, headers, body: JSON.stringify(output) };
}
