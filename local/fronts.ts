import type { Closer } from './closing.ts';
import type { CloudOptions } from './cloud-options.ts';
import { type Front, openFront } from './front.ts';
import { CELL_PORT_OFFSET, portOf } from './ports.ts';

/** The servers of a cloud: the issuer's, and one per cell. */
export interface Fronts {
  readonly issuer: Front;
  readonly cells: ReadonlyArray<{ name: string; region: string; front: Front }>;
}

/** Throws PortInUseError. */
export async function openFronts(
  { port, cells }: CloudOptions,
  closers: Array<Closer>,
): Promise<Fronts> {
  const issuer = await openFront(port);
  closers.push(issuer.close);
  const opened: Array<Fronts['cells'][number]> = [];
  for (const [index, cell] of cells.entries()) {
    const front = await openFront(portOf(port, CELL_PORT_OFFSET + index));
    closers.push(front.close);
    opened.push({ ...cell, front });
  }
  return { issuer, cells: opened };
}
