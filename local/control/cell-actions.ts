import type { Action } from './action.ts';
import {
  CellStateSchema,
  EntrySchema,
  notFound,
  parseJsonBody,
  ReplicationSchema,
  RotationSchema,
} from './body.ts';
import type { ControlledCells } from './controlled-cloud.ts';

/** The paths that are about cells, the way between them, and their common keys. */
export function cellActions(cloud: ControlledCells): Readonly<Record<string, Action>> {
  const requireCell = (name: string) => {
    if (!cloud.cells.some((cell) => cell.name === name)) throw notFound(`cell ${name}`);
  };
  const describe = async () => ({ json: await cloud.describeCells() });
  return {
    'GET cells': describe,
    'POST cells': async ({ body }) => {
      const { name, state, failure } = parseJsonBody(body, CellStateSchema);
      requireCell(name);
      await cloud.setCell(name, state, failure);
      return describe();
    },
    'POST entry': ({ body }) => {
      const { cell } = parseJsonBody(body, EntrySchema);
      requireCell(cell);
      cloud.setEntry(cell);
      return describe();
    },
    'POST rotations': async ({ body }) => {
      await cloud.startRotation(parseJsonBody(body, RotationSchema).mode);
      return { status: 201, json: { ok: true } };
    },
    'GET replication': () => ({ json: cloud.replication() }),
    'POST replication': ({ body }) => {
      cloud.setReplication(parseJsonBody(body, ReplicationSchema));
      return { json: cloud.replication() };
    },
  };
}
