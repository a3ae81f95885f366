import type { SharedClock } from './clock.ts';
import type { CellDescription, CellStatus, ControlledCloud } from './control/controlled-cloud.ts';
import type { Demos } from './demo/demos.ts';
import { DEFAULT_REPLICATION_DELAY_MS } from './dynamodb/replication.ts';
import type { AccessLog } from './http-api/access-log.ts';
import type { Inbox } from './inbox.ts';
import { type Infrastructure, OPERATOR } from './infrastructure.ts';
import { registerClient } from './seed.ts';
import { emptyTables } from './seeding.ts';
import { restoreSnapshot } from './snapshot.ts';
import type { CloudState, DataDirectory } from './state.ts';

export interface RunningParts {
  readonly infrastructure: Infrastructure;
  readonly clock: SharedClock;
  readonly accessLog: AccessLog;
  readonly state: CloudState;
  readonly data: DataDirectory;
  readonly inbox: Inbox;
  readonly demos: Demos;
  readonly issuer: string;
  readonly cells: ReadonlyArray<Omit<CellDescription, 'tables'>>;
}

/** What can be seen of a running cloud and done to it, for the control API and for tests. */
export function controlCloud(parts: RunningParts): ControlledCloud {
  const { infrastructure, clock, accessLog, state, issuer } = parts;
  const { regions, functions, authorizer, callLog, faults, logs, states, replication } =
    infrastructure;
  return {
    cells: parts.cells.map((cell) => ({
      ...cell,
      tables: regions.get(cell.region)?.dynamodb.tables() ?? [],
    })),
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
    grants: () => ({ statements: authorizer.statements(), usage: authorizer.usage() }),
    items: async (region, table) => {
      const dynamodb = regions.get(region)?.dynamodb;
      return dynamodb?.tables().includes(table) ? await dynamodb.items(table) : undefined;
    },
    registerClient: (metadata) =>
      registerClient(functions.requireByName('domicile-admin'), metadata),
    describeCells: () => describeCells(parts),
    setEntry: states.setEntry,
    setCell: async (name, state, failure = 'unavailable') => {
      if (state === 'up') states.bringUp(name);
      else states.takeDown(name, failure);
      const region = parts.cells.find((cell) => cell.name === name)?.region;
      if (region !== undefined && state === 'up') replication.release(region);
      if (region !== undefined && state === 'down') replication.hold(region);
      // What ran there has ended; what comes back starts cold.
      await functions.recycle(region);
    },
    replication: () => ({ delayMs: replication.delayMs(), paused: replication.isPaused() }),
    setReplication: (change) => {
      if ('delayMs' in change) replication.setDelayMs(change.delayMs);
      else if (change.paused) replication.pause();
      else replication.resume();
    },
    flushReplication: replication.flush,
    advance: async (seconds) => {
      clock.advance(seconds);
      await parts.data.writeState({ ...state, clockOffsetMs: clock.offsetMs() });
      await Promise.all([...regions.values()].map(({ dynamodb }) => dynamodb.sweepExpired()));
      await Promise.all([...regions.values()].map(({ workflows }) => workflows.clockMoved()));
    },
    reset: () => reset(parts),
  };
}

async function describeCells({
  infrastructure: { regions, states },
  cells,
}: RunningParts): Promise<ReadonlyArray<CellStatus>> {
  const describe = async (cell: RunningParts['cells'][number]): Promise<CellStatus> => {
    const dynamodb = regions.get(cell.region)?.dynamodb;
    const people = (await dynamodb?.items(`domicile-data-${cell.name}`)) ?? [];
    return {
      ...cell,
      tables: dynamodb?.tables() ?? [],
      state: states.isDown(cell.region) ? 'down' : 'up',
      isEntry: states.entry()?.name === cell.name,
      residents: people.filter(({ sk }) => sk === 'ACCOUNT').length,
    };
  };
  return await Promise.all(cells.map(describe));
}

async function reset(parts: RunningParts): Promise<void> {
  const { infrastructure, clock, accessLog, state, data, inbox, demos } = parts;
  const { regions, functions, callLog, faults, logs, replication } = infrastructure;
  faults.clear();
  clock.setOffsetMs(0);
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
  inbox.clear();
  callLog.clear();
  accessLog.clear();
  logs.clear();
  await data.writeState({ ...state, clockOffsetMs: 0 });
  await demos.restart();
}
