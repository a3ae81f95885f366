import { type Cells, parseCells } from './core/cells.ts';
import { ENVIRONMENT, requireText } from './environment.ts';

/** The deployment as the stacks tell a function of it. Throws at start when that does not fit. */
export function readCells(): Cells {
  return parseCells(
    requireText(ENVIRONMENT.cell),
    requireText(ENVIRONMENT.cellUrls),
    requireText(ENVIRONMENT.cellRegions),
  );
}
