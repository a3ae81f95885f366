import { type Cells, parseCells, requireOneSite } from './core/cells.ts';
import { ENVIRONMENT, requireText } from './environment.ts';

/** The deployment as the stacks tell a function of it. Throws at start when that does not fit. */
export function readCells(): Cells {
  const cells = parseCells(
    requireText(ENVIRONMENT.cell),
    requireText(ENVIRONMENT.cellUrls),
    requireText(ENVIRONMENT.cellRegions),
  );
  requireOneSite(cells, requireText(ENVIRONMENT.issuer));
  return cells;
}
