import { Aws } from 'aws-cdk-lib';
import { ENVIRONMENT } from '../functions/environment.ts';
import { areSeveral, type Cell, type Topology } from './config.ts';
import { homesOf } from './countries.ts';
import { acceptedSecrets } from './edge-secrets.ts';

/** Where people and apps find the deployment. */
export interface Addresses {
  /** Issuer identifier, no trailing slash (RFC 8414 §2). */
  readonly issuer: string;
  /** `eu=https://eu.id.example.com,us=…`, in the order of the topology. */
  readonly cellUrls: string;
  /** What a front of the operator's own proves itself with; may turn out empty. */
  readonly frontSecret?: string;
}

/** What every function behind the HTTP API learns of the deployment, as `parseCells` reads it. */
export function topologyEnvironment(
  cell: Cell,
  topology: Topology,
  { issuer, cellUrls, frontSecret }: Addresses,
): Record<string, string> {
  return {
    [ENVIRONMENT.issuer]: issuer,
    [ENVIRONMENT.cell]: cell.name,
    [ENVIRONMENT.cellUrls]: cellUrls,
    ...regionEnvironment(topology),
    ...(frontSecret !== undefined && { [ENVIRONMENT.edgeSecret]: frontSecret }),
    ...(topology.domain !== undefined && {
      [ENVIRONMENT.edgeSecret]: acceptedSecrets(topology.domain).join(','),
    }),
  };
}

/** Where the cells are and where new identifiers are claimed. */
export function regionEnvironment({ cells, primary }: Topology): Record<string, string> {
  return {
    [ENVIRONMENT.cellRegions]: joinByCell(cells, regionOf),
    [ENVIRONMENT.primaryRegion]: regionOf(primary),
  };
}

/**
 * Countries whose people each cell is home to, for whoever lets people choose; nothing with one
 * cell, where nobody has a choice.
 */
export function countryEnvironment(topology: Topology): Record<string, string> {
  if (!areSeveral(topology)) return {};
  const homes = [...homesOf(topology)].sort();
  const countriesOf = ({ name }: Cell) =>
    homes.flatMap(([country, home]) => (home.name === name ? [country] : [])).join(' ');
  const inhabited = topology.cells.filter((cell) => countriesOf(cell) !== '');
  return { [ENVIRONMENT.cellCountries]: joinByCell(inhabited, countriesOf) };
}

/** How many people live in each cell, for whoever says where nobody does; nothing with one cell. */
export function shareEnvironment(topology: Topology): Record<string, string> {
  if (!areSeveral(topology)) return {};
  return { [ENVIRONMENT.cellShares]: joinByCell(topology.cells, ({ share }) => String(share)) };
}

/** Known at synthesis, but for a single cell that deploys wherever the CLI points. */
export function regionOf({ region }: Cell): string {
  return region ?? Aws.REGION;
}

/** `eu=…,us=…`, in the order of the topology. */
export function joinByCell(cells: ReadonlyArray<Cell>, render: (cell: Cell) => string): string {
  return cells.map((cell) => `${cell.name}=${render(cell)}`).join(',');
}
