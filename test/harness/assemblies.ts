import { resolve } from 'node:path';
import { cellsOf } from '../../local/cell-regions.ts';
import { type AssemblyTopology, synthesize } from '../../local/synthesis.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const ONE_CELL = ['eu'];

/** The topology of a clean clone, which names no region. */
export const AS_CLONED = { cells: [{ name: 'eu' }] };

/** What most files ask for: whichever is the first, the others follow. */
const USUAL = [
  ...[ONE_CELL, ['eu', 'us'], ['eu', 'us', 'ap']].map((names) => ({ cells: cellsOf(names) })),
  AS_CLONED,
];

const assemblies = new Map<string, Promise<string>>();

/** The assembly of a local cloud with these cells, and this context besides them. */
export function provideAssembly(
  names: ReadonlyArray<string> = ONE_CELL,
  context: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return provideTopology({ cells: cellsOf(names), context });
}

/**
 * The directory of the assembly under test: synthesized once per topology and change of the sources,
 * which this process looks at once. `alongside` are others that are asked for soon.
 */
export function provideTopology(
  topology: AssemblyTopology,
  alongside: ReadonlyArray<AssemblyTopology> = [],
): Promise<string> {
  const name = JSON.stringify([topology.cells, topology.context ?? {}]);
  const known = assemblies.get(name);
  if (known !== undefined) return known;
  const assembly = synthesize({
    ...topology,
    root: ROOT,
    cacheDirectory: `${ROOT}/.tmp/assemblies`,
    alongside: [...USUAL, ...alongside],
  });
  assemblies.set(name, assembly);
  return assembly;
}
