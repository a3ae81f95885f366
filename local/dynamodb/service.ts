import type { AwsRequest, AwsResponse, AwsService, Clock, DeployedResource } from '../types.ts';
import { authorizationsOf } from './authorizations.ts';
import { describe, isDescription, loadDeclared, refuseDeletion } from './descriptions.ts';
import { createDynaliteEngine } from './dynalite-engine.ts';
import type { Engine } from './engine.ts';
import { type PlainItem, toPlainItem } from './plain-item.ts';
import { createRemoteEngine } from './remote-engine.ts';
import { createStreamJournal, STREAM_OPERATIONS } from './stream-journal.ts';
import { readTable, type Table } from './table.ts';
import { sweepExpired } from './time-to-live.ts';

export interface DynamoDbOptions {
  readonly region: string;
  readonly account: string;
  /** `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable` of this region. */
  readonly tables: ReadonlyArray<DeployedResource>;
  readonly clock: Clock;
  /** dynalite in process, or a running DynamoDB Local. */
  readonly engine: 'dynalite' | { readonly endpoint: string };
  /** Where dynalite keeps items over restarts; in memory without it. */
  readonly dataDirectory?: string;
}

export interface DynamoDbService extends AwsService {
  tables(): ReadonlyArray<string>;
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
  const tables = options.tables.map((resource) => readTable(resource, account));
  const journal = createStreamJournal(tables, region, clock);
  const engine = await openEngine(options, tables, journal.append);
  const sweeper = setInterval(() => {
    sweepExpired(engine, tables, clock).catch((error: unknown) => {
      console.error('TTL sweep failed', error);
    });
  }, SWEEP_INTERVAL_MS).unref();

  async function run({ operation, input }: AwsRequest) {
    if (operation === 'DeleteTable') return refuseDeletion(loadDeclared(tables, input));
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
    items: async (table) => (await engine.items(table)).map(toPlainItem),
    sweepExpired: () => sweepExpired(engine, tables, clock),
    async reset() {
      await engine.reset();
      journal.reset();
    },
    async close() {
      clearInterval(sweeper);
      await engine.close();
    },
  };
}

async function openEngine(
  options: DynamoDbOptions,
  tables: ReadonlyArray<Table>,
  onChange: ReturnType<typeof createStreamJournal>['append'],
): Promise<Engine> {
  const { engine, region, account, clock, dataDirectory } = options;
  if (engine !== 'dynalite') return createRemoteEngine({ ...engine, region, tables });
  return createDynaliteEngine({ region, account, tables, clock, dataDirectory, onChange });
}

function toResponse(output: object): AwsResponse {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  return { status: 200, headers, body: JSON.stringify(output) };
}
