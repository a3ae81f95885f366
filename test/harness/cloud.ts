import { cellsOf } from '../../local/cell-regions.ts';
import type { CellFailure } from '../../local/cell-states.ts';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import type { CloudOptions } from '../../local/cloud-options.ts';
import type { ReplicationChange } from '../../local/control/controlled-cloud.ts';
import type { ArchivedEvent } from '../../local/events/event-archive.ts';
import type { FunctionLogEntry } from '../../local/lambda/function-logs.ts';
import { createThreadStock } from '../../local/lambda/thread-stock.ts';
import type { ReadObject } from '../../local/s3/bucket-view.ts';
import type { RegisteredClient } from '../../local/seed.ts';
import type { QueueView } from '../../local/sqs/service.ts';
import type { ExecutionView } from '../../local/states/answers.ts';
import type { CallRecord, Fault, InboxMessage } from '../../local/types.ts';
import { ONE_CELL, provideAssembly } from './assemblies.ts';
import {
  type BucketKind,
  itemsOf,
  objectsOf,
  type RestoredTable,
  type RestoreOptions,
  requireRegion,
  restoreTable,
  type StoredItem,
  type TableKind,
} from './cloud-stores.ts';
import { keep, takeKept } from './kept-clouds.ts';

export type { StoredItem } from './cloud-stores.ts';

export interface TestCloudOptions
  extends Partial<
    Pick<
      CloudOptions,
      | 'parameters'
      | 'transformTemplate'
      | 'latency'
      | 'pauses'
      | 'dataDirectory'
      | 'dynamodbEngine'
      | 'demo'
      | 'onWarning'
      | 'tagDelaySeconds'
      | 'streams'
      | 'concurrency'
      | 'retryPauses'
    >
  > {
  /** Names, the primary first; the one cell `eu` unless said otherwise. */
  readonly cells?: ReadonlyArray<string>;
  /** CDK context besides the cells, such as `privacy`; over that of `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /**
   * Rules that are off. Unless streams are live, the hourly one of the audit trail: `[]` switches
   * it on.
   */
  readonly disabledRules?: ReadonlyArray<string>;
  /** `template`: as few mails with codes an hour as an operator gets who sets nothing. */
  readonly mailLimits?: 'roomy' | 'template';
  /** For what asks after the deployment itself, its calls and rights; and for processes that have to end. */
  readonly isNew?: boolean;
}

/** A local cloud for one test file, with what tests ask of it. Close it in `afterAll`. */
export interface TestCloud {
  readonly issuer: string;
  /** Of the first cell, which is the primary. */
  readonly region: string;
  /** Where each cell's pages live, by name. */
  readonly cellUrls: Readonly<Record<string, string>>;
  /** By name. */
  readonly regions: Readonly<Record<string, string>>;
  /** Everything else: deployment, IAM engine, demo apps. */
  readonly cloud: Cloud;
  /** Newest first. */
  inbox(to?: string): ReadonlyArray<InboxMessage>;
  /** The newest mail to this address; throws when there is none. */
  requireMail(to: string): InboxMessage;
  /** Seq of the newest call so far: `calls(mark())` are those that come after. */
  mark(): number;
  calls(sinceSeq?: number): ReadonlyArray<CallRecord>;
  advance(seconds: number): Promise<void>;
  /** Hits once unless `times` says otherwise. */
  fault(fault: Omit<Fault, 'times'> & { readonly times?: number }): void;
  clearFaults(): void;
  registerClient(metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient>;
  /** As stored in a cell, the first one unless said otherwise. */
  items(table: TableKind | RestoredTable, cell?: string): Promise<ReadonlyArray<StoredItem>>;
  /** What lies in a bucket of a cell, the first one unless said otherwise, every version. */
  objects(bucket: BucketKind, cell?: string): Promise<ReadonlyArray<ReadObject>>;
  /** Makes a cell answer at the issuer's port. */
  setEntry(cell: string): void;
  /** `failure`: how the AWS endpoints of a cell that is down fail; 503 unless said otherwise. */
  setCell(cell: string, state: 'up' | 'down', failure?: CellFailure): Promise<void>;
  /** How far the directory's replicas are behind, in milliseconds of real time, or not at all. */
  setReplication(change: ReplicationChange): void;
  /** Brings every replica up to date. */
  flushReplication(): Promise<void>;
  logs(): ReadonlyArray<FunctionLogEntry>;
  /** What was put on the buses, oldest first. */
  events(sinceSeq?: number): ReadonlyArray<ArchivedEvent>;
  /** What was given up is told to these. */
  queues(): ReadonlyArray<QueueView>;
  /**
   * Has functions work on all that is in the streams that they follow, to the end: they run on
   * demand unless the cloud was started with `streams: 'live'`. False when some of it has to wait.
   */
  deliverStreams(): Promise<boolean>;
  /**
   * An operator's point-in-time recovery: so many seconds ago, 300 at least, or as late as can be.
   * Answers with the name of the copy, which `items` takes.
   */
  restore(restoring: RestoreOptions): Promise<RestoredTable>;
  /** Runs of workflows, newest first, state by state; of the machine named, or of all. */
  executions(machine?: string): ReadonlyArray<ExecutionView>;
  /** From the state that failed; answers once it runs again, `advance` lets it come to rest. */
  redrive(executionArn: string): Promise<void>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** One machine asks for all mails of a test: the template's limits would refuse the hundred and first. */
const ROOMY = { OneTimeCodeMailsPerHour: '20', OneTimeCodeMailsPerHourAndSource: '10000' };
/** Seals by the hour: elsewhere it would run, and meet faults, whenever a test moves the clock. */
const AUDIT_MACHINE = 'domicile-audit';

/** Of all clouds of this process: a thread that has been one container is another in half the time. */
const threads = createThreadStock(20);

/**
 * Listens on free ports; the demo apps start only when asked for. Starting anew costs as much as dozens
 * of requests: what an earlier file has closed is reset and used again where the options allow it.
 */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const kind = kindOf(options);
  const known = kind === undefined ? undefined : takeKept(kind);
  const cloud = known ?? (await startAnew(options));
  const end = () => (kind === undefined ? cloud.close() : keep(kind, cloud));
  let ending: Promise<void> | undefined;
  const close = () => {
    ending ??= end();
    return ending;
  };
  return { ...toTestCloud(cloud), close };
}

/** Of the clouds that are alike after a reset; undefined for those that are a test's own. */
function kindOf(options: TestCloudOptions): string | undefined {
  const {
    isNew = false,
    cells = ONE_CELL,
    context = {},
    mailLimits: _,
    parameters: __,
    disabledRules,
    pauses,
    latency,
    demo,
    ...own
  } = options;
  if (isNew || Object.keys(own).length > 0) return undefined;
  const given = Object.entries(parametersOf(options)).toSorted();
  return JSON.stringify([cells, context, given, disabledRules, pauses, latency, demo]);
}

function parametersOf({ parameters, mailLimits }: TestCloudOptions): Record<string, string> {
  return { ...(mailLimits === 'template' ? {} : ROOMY), ...parameters };
}

function startAnew(options: TestCloudOptions): Promise<Cloud> {
  const { cells: names = ONE_CELL, context, isNew: _, mailLimits: __, ...rest } = options;
  return startCloud({
    demo: false,
    streams: 'on-demand',
    pauses: 'skipped',
    // Whoever measures time has containers as `npm start` has them.
    ...(options.pauses !== 'real' && { threads }),
    disabledRules: options.streams === 'live' ? [] : [AUDIT_MACHINE],
    ...rest,
    parameters: parametersOf(options),
    assemble: () => provideAssembly(names, context),
    cells: cellsOf(names),
    port: 0,
  });
}

function toTestCloud(cloud: Cloud): Omit<TestCloud, 'close'> {
  return {
    issuer: cloud.issuer,
    region: requireRegion(cloud, undefined),
    cellUrls: Object.fromEntries(cloud.cells.map(({ name, url }) => [name, url])),
    regions: Object.fromEntries(cloud.cells.map(({ name, region }) => [name, region])),
    cloud,
    inbox: cloud.inbox,
    requireMail: (to) => {
      const [mail] = cloud.inbox(to);
      if (mail === undefined) throw new Error(`nothing was sent to ${to}`);
      return mail;
    },
    mark: () => cloud.calls(0).at(-1)?.seq ?? 0,
    calls: (sinceSeq = 0) => cloud.calls(sinceSeq),
    advance: cloud.advance,
    fault: ({ times = 1, ...fault }) => cloud.faults.add({ ...fault, times }),
    clearFaults: cloud.faults.clear,
    registerClient: cloud.registerClient,
    items: (table, cell) => itemsOf(cloud, table, cell),
    objects: (bucket, cell) => objectsOf(cloud, bucket, cell),
    setEntry: cloud.setEntry,
    setCell: cloud.setCell,
    setReplication: cloud.setReplication,
    flushReplication: cloud.flushReplication,
    logs: cloud.logs,
    events: (sinceSeq = 0) => cloud.events(sinceSeq),
    restore: (restoring) => restoreTable(cloud, restoring),
    queues: cloud.queues,
    deliverStreams: cloud.deliverStreams,
    executions: (machine) =>
      cloud.executions().filter((one) => machine === undefined || one.machine === machine),
    redrive: cloud.redrive,
    reset: cloud.reset,
  };
}
