import { type Cell, type Domain, ORIGIN } from './config.ts';

/** Where a cell's pages are. */
export function cellHost({ name }: Cell, domain: Domain): string {
  return `${name}.${domain.name}`;
}

/** Where CloudFront finds the API of the cell that is nearest to the edge that asks. */
export function nearestOrigin(domain: Domain): string {
  return `${ORIGIN}.${domain.name}`;
}

/** Where CloudFront finds the API of this cell. */
export function cellOrigin({ name }: Cell, domain: Domain): string {
  return `${ORIGIN}-${name}.${domain.name}`;
}
