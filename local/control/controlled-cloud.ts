import type { CellFailure } from '../cell-states.ts';
import type { SharedClock } from '../clock.ts';
import type { PlainItem } from '../dynamodb/plain-item.ts';
import type { ArchivedEvent } from '../events/event-archive.ts';
import type { Faults } from '../gateway/faults.ts';
import type { RequestRecord } from '../http-api/access-log.ts';
import type { FunctionLogEntry } from '../lambda/function-logs.ts';
import type { BucketView, ObjectView } from '../s3/bucket-view.ts';
import type { RegisteredClient, SeededClient } from '../seed.ts';
import type { QueueView } from '../sqs/service.ts';
import type { ExecutionView } from '../states/answers.ts';
import type { CallRecord, InboxMessage } from '../types.ts';

/** A cell and where it stands. */
export interface CellDescription {
  readonly name: string;
  readonly region: string;
  readonly url: string;
  readonly tables: ReadonlyArray<string>;
}

/** `GET cells`: what changes while it runs besides. */
export interface CellStatus extends CellDescription {
  readonly state: 'up' | 'down';
  /** Whether it answers at the issuer's port. */
  readonly isEntry: boolean;
  /** People whose account is there. */
  readonly residents: number;
}

/** How far the directory's replicas are behind the region that wrote. */
export interface ReplicationDescription {
  /** Real time, in milliseconds. */
  readonly delayMs: number;
  readonly paused: boolean;
}

export type ReplicationChange =
  | Pick<ReplicationDescription, 'delayMs'>
  | Pick<ReplicationDescription, 'paused'>;

/** `GET seed`: everything that a script or a person needs to begin. */
export interface SeedDescription {
  readonly issuer: string;
  readonly consoleUrl: string;
  readonly clients: ReadonlyArray<SeededClient>;
  /** For AWS SDK clients: the gateway, and the operator's own credentials. */
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}

/** What `keys rotate` asks for. */
export const ROTATION_MODES = ['on-demand', 'emergency'] as const;
export type RotationMode = (typeof ROTATION_MODES)[number];

/** A point-in-time recovery of a table. */
export interface Restoring {
  readonly region: string;
  readonly table: string;
  /** `TABLE-restored` unless said otherwise. */
  readonly target?: string | undefined;
  /** Milliseconds since 1970; without it, the latest moment that can be restored. */
  readonly atMs?: number | undefined;
}

/** The cells, and the way between them. */
export interface ControlledCells {
  readonly cells: ReadonlyArray<CellDescription>;
  describeCells(): Promise<ReadonlyArray<CellStatus>>;
  /** Makes a cell answer at the issuer's port. Throws for a name that is no cell. */
  setEntry(name: string): void;
  /**
   * Takes a cell down, region and all, or brings it up again. `failure` says how its AWS endpoints
   * fail meanwhile: 503 unless said otherwise.
   */
  setCell(name: string, state: 'up' | 'down', failure?: CellFailure): Promise<void>;
  replication(): ReplicationDescription;
  setReplication(change: ReplicationChange): void;
  /** Brings every replica up to date, whatever the delay. */
  flushReplication(): Promise<void>;
  /** Starts the workflow that renews the signing keys. */
  startRotation(mode: RotationMode): Promise<void>;
}

/** What the control API and the test harness can see of a running cloud, and do to it. */
export interface ControlledCloud extends ControlledCells {
  readonly clock: SharedClock;
  readonly faults: Faults;
  seed(): SeedDescription;
  /** Newest first. */
  inbox(to?: string): ReadonlyArray<InboxMessage>;
  calls(sinceSeq: number): ReadonlyArray<CallRecord>;
  /** Newest first. */
  requests(): ReadonlyArray<RequestRecord>;
  logs(): ReadonlyArray<FunctionLogEntry>;
  /** Runs of workflows, newest first, state by state. */
  executions(): ReadonlyArray<ExecutionView>;
  /** What was put on the buses of all regions, oldest first. */
  events(sinceSeq: number): ReadonlyArray<ArchivedEvent>;
  queues(): ReadonlyArray<QueueView>;
  /**
   * Has functions work on all that is in the streams that they follow; false when some of it has to
   * wait, because a cell is down or a function goes on failing.
   */
  deliverStreams(): Promise<boolean>;
  /** From the state that failed. Throws ControlError when the execution is not to be redriven. */
  redrive(executionArn: string): Promise<void>;
  /** IAM statements with what each was used for. */
  grants(): unknown;
  /** Undefined when there is no such table. */
  items(region: string, table: string): Promise<ReadonlyArray<PlainItem> | undefined>;
  buckets(): Promise<ReadonlyArray<BucketView>>;
  /** Undefined when there is no such bucket. */
  objects(region: string, bucket: string): Promise<ReadonlyArray<ObjectView> | undefined>;
  /**
   * A copy of a table as it was, under a new name, in the name of the operator; the copy's name.
   * Throws ControlError.
   */
  restore(restoring: Restoring): Promise<string>;
  /** Throws RegistrationRefusedError. */
  registerClient(metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient>;
  /** Moves every clock and expires what TTL would have by then. */
  advance(seconds: number): Promise<void>;
  /** Back to the seed: tables, clock, inbox, logs and faults. Whoever asks meanwhile is next. */
  reset(): Promise<void>;
}
