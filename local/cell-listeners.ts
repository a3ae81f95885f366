import type { CellStates } from './cell-states.ts';
import type { Listener } from './front.ts';

/** What stands before a cell's API: nobody answers there while the cell is down. */
export function listenWhileUp(states: CellStates, region: string, api: Listener): Listener {
  return async (request) => {
    if (states.isDown(region)) return undefined;
    const response = await api(request);
    // Taken down meanwhile: the answer does not leave.
    return states.isDown(region) ? undefined : response;
  };
}

/** What stands before all cells: the entry's API answers. `apis` is keyed by region. */
export function listenAtEntry(states: CellStates, apis: ReadonlyMap<string, Listener>): Listener {
  return async (request) => {
    const region = states.entry()?.region;
    return region === undefined ? undefined : await apis.get(region)?.(request);
  };
}
