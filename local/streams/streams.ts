import type { FunctionLogs } from '../lambda/function-logs.ts';
import type { FunctionPool } from '../lambda/function-pool.ts';
import type { RoleClient } from '../states/role-client.ts';
import type { Deployment } from '../template/deployment.ts';
import type { AuthorizationQuery, Clock } from '../types.ts';
import { StreamConsumer } from './consumer.ts';
import { tellGivenUp } from './failure-destination.ts';
import { invokeWithRecords } from './invocation.ts';
import { readMappings, type StreamMapping } from './mapping.ts';
import { keepPositions, type Positions } from './positions.ts';
import { createStreamReader } from './stream-reader.ts';

/** When the functions of event source mappings run: as records come, or when somebody asks. */
export type StreamMode = 'live' | 'on-demand';

/** The event source mappings of one region. */
export interface Streams {
  /** Once functions can run. */
  start(): Promise<void>;
  /** A table's stream has news. */
  wake(streamArn: string): void;
  /** Delivers all that is there; false when some of it has to wait. */
  deliver(): Promise<boolean>;
  /** Stops; `reset` or `start` goes on. */
  halt(): Promise<void>;
  /** The tables are empty, and their streams begin anew. */
  reset(): Promise<void>;
}

export interface StreamsOptions {
  readonly region: string;
  readonly deployment: Deployment;
  readonly mode: StreamMode;
  readonly clock: Clock;
  readonly callAs: RoleClient;
  readonly isAllowed: (query: AuthorizationQuery) => boolean;
  readonly logs: FunctionLogs;
  /** By name or ARN. */
  findPool(nameOrArn: string): FunctionPool | undefined;
  readonly isDown: (region: string) => boolean;
  /** Nobody tells of news in these streams: live, they are looked at again and again. */
  readonly arePolled: boolean;
  /** Where positions are kept over restarts; in memory without it. */
  readonly dataDirectory?: string;
}

/** However long the template lets records gather, here it is no longer. */
const LONGEST_WINDOW_MS = 200;
/** After a delivery that had to stop. */
const PAUSE_MS = 1_000;

/** Throws TemplateError for mappings that cannot be. */
export async function openStreams(options: StreamsOptions): Promise<Streams> {
  const { deployment, region, isAllowed, mode, dataDirectory } = options;
  const mappings = readMappings(deployment, region, isAllowed);
  const positions = await keepPositions(dataDirectory);
  const followers = mappings.map((mapping) => createFollower(mapping, positions, options));
  return {
    start: async () => {
      await Promise.all(followers.map(({ start }) => start()));
      if (mode === 'live') for (const { wake } of followers) wake();
    },
    wake: (streamArn) => {
      if (mode !== 'live') return;
      for (const { mapping, wake } of followers) if (mapping.streamArn === streamArn) wake();
    },
    deliver: async () => {
      const all = await Promise.all(followers.map(({ consumer }) => consumer().deliver()));
      return !all.includes(false);
    },
    halt: async () => {
      await Promise.all(followers.map(({ halt }) => halt()));
      await positions.flush();
    },
    reset: async () => {
      await Promise.all(followers.map(({ restart }) => restart()));
    },
  };
}

/** A mapping whose consumer is made when it is first needed: functions are read late. */
function createFollower(mapping: StreamMapping, positions: Positions, options: StreamsOptions) {
  let made: StreamConsumer | undefined;
  let timer: NodeJS.Timeout | undefined;
  // What is written while stacks are deployed waits for the functions.
  let isHalted = true;
  const consumer = () => {
    made ??= createConsumer(mapping, positions, options);
    return made;
  };
  const wakeIn = (ms: number) => {
    if (isHalted) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void consumer()
        .deliver()
        .then((isAtEnd) => {
          if (!isAtEnd || options.arePolled) wakeIn(PAUSE_MS);
        });
    }, ms).unref();
  };
  const windowMs = Math.min(mapping.batchingWindowSeconds * 1000, LONGEST_WINDOW_MS);
  const start = async () => {
    isHalted = false;
    await consumer().open();
  };
  return {
    mapping,
    consumer,
    wake: () => wakeIn(windowMs),
    start,
    halt: async () => {
      isHalted = true;
      clearTimeout(timer);
      timer = undefined;
      await made?.halt();
    },
    restart: async () => {
      consumer().restart();
      await start();
    },
  };
}

function createConsumer(
  mapping: StreamMapping,
  positions: Positions,
  { region, callAs, clock, logs, findPool, isDown }: StreamsOptions,
): StreamConsumer {
  const pool = findPool(mapping.functionName);
  if (pool === undefined) throw new Error(`there is no function ${mapping.functionName}`);
  const { name, arn: functionArn } = pool.definition;
  const onTrouble = (message: string) =>
    logs.add({ function: name, region, requestId: undefined, stream: 'platform', message });
  return new StreamConsumer({
    mapping,
    reader: createStreamReader(mapping, callAs),
    position: positions.find(mapping.id),
    nowMs: clock.nowMs,
    isDown: () => isDown(region),
    invoke: (records) => invokeWithRecords(mapping, pool, records),
    giveUp: async (piece, condition) => {
      onTrouble(`${piece.records.length} records of ${mapping.streamArn}: ${condition}`);
      const given = { ...piece, condition, functionArn, nowMs: clock.nowMs() };
      const refusal = await tellGivenUp(mapping, given, callAs);
      if (refusal !== undefined) onTrouble(`${mapping.onFailureArn}: ${refusal}`);
    },
    onPosition: (sequence) => positions.move(mapping.id, sequence),
    onTrouble,
  });
}
