import type {
  CellDescription,
  CellStatus,
  ControlledCells,
  RotationMode,
} from './control/controlled-cloud.ts';
import { type Infrastructure, OPERATOR } from './infrastructure.ts';
import { arn } from './template/physical-ids.ts';

export type Cell = Omit<CellDescription, 'tables'>;

const ROTATION = 'domicile-key-rotation';

/** What can be done to the cells of a running cloud and to the way between them. */
export function controlCells(
  infrastructure: Infrastructure,
  cells: ReadonlyArray<Cell>,
): ControlledCells {
  const { functions, replication, regions, states } = infrastructure;
  return {
    cells: cells.map((cell) => ({
      ...cell,
      tables: regions.get(cell.region)?.dynamodb.tables() ?? [],
    })),
    describeCells: () => Promise.all(cells.map((cell) => describe(infrastructure, cell))),
    setEntry: states.setEntry,
    setCell: async (name, state, failure = 'unavailable') => {
      const cell = cells.find((candidate) => candidate.name === name);
      if (cell === undefined) throw new Error(`there is no cell ${name}`);
      const wasDown = states.isDown(cell.region);
      if (state === 'up') {
        states.bringUp(name);
        replication.release(cell.region);
      } else {
        states.takeDown(name, failure);
        replication.hold(cell.region);
      }
      // What ran there has ended, and what comes back starts cold.
      if (wasDown !== (state === 'down')) await functions.recycle(cell.region);
    },
    replication: () => ({ delayMs: replication.delayMs(), paused: replication.isPaused() }),
    setReplication: (change) => {
      if ('delayMs' in change) replication.setDelayMs(change.delayMs);
      else if (change.paused) replication.pause();
      else replication.resume();
    },
    flushReplication: () => replication.flush(),
    startRotation: (mode) => startRotation(infrastructure, cells[0]?.region ?? '', mode),
  };
}

async function describe({ regions, states }: Infrastructure, cell: Cell): Promise<CellStatus> {
  const dynamodb = regions.get(cell.region)?.dynamodb;
  const people = (await dynamodb?.items(`domicile-data-${cell.name}`)) ?? [];
  return {
    ...cell,
    tables: dynamodb?.tables() ?? [],
    state: states.isDown(cell.region) ? 'down' : 'up',
    isEntry: states.entry()?.name === cell.name,
    residents: people.filter(({ sk }) => sk === 'ACCOUNT').length,
  };
}

/** As `npm run admin -- keys rotate` does. */
async function startRotation(
  { regions }: Infrastructure,
  region: string,
  mode: RotationMode,
): Promise<void> {
  await regions.get(region)?.workflows.service.handle({
    service: 'states',
    region,
    operation: 'StartExecution',
    principal: OPERATOR,
    headers: {},
    input: {
      stateMachineArn: arn('states', region, `stateMachine:${ROTATION}`),
      input: JSON.stringify({ mode }),
    },
  });
}
