import { type Cells, parseCells } from './core/cells.ts';
import { ENVIRONMENT, findText, requireText } from './environment.ts';

/** The deployment as the stacks tell a function of it. Throws at start when that does not fit. */
export function readCells(): Cells {
  const own = requireText(ENVIRONMENT.cell);
  const urls = findText(ENVIRONMENT.cellUrls) ?? `${own}=${requireText(ENVIRONMENT.issuer)}`;
  const regions = findText(ENVIRONMENT.cellRegions) ?? `${own}=${process.env['AWS_REGION']}`;
  return parseCells(own, urls, regions);
}
