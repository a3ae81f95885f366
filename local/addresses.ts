import type { Fronts } from './fronts.ts';
import type { DeployOptions } from './template/deployment.ts';
import { ParameterError } from './template/template-error.ts';

const ISSUER_URL = 'IssuerUrl';
const CELL_URLS = 'CellUrls';

/**
 * What the stacks learn of their own addresses: of one cell, the URL of its HTTP API is the issuer;
 * of several, the stacks ask by parameters what stands before them. Throws ParameterError when
 * `given` says it differently.
 */
export function addressOptions(
  { issuer, cells }: Fronts,
  given: Readonly<Record<string, string>>,
): Pick<DeployOptions, 'parameters' | 'apiEndpoint'> {
  if (cells.length === 1) return { parameters: given, apiEndpoint: () => issuer.url };
  refuseAddresses(given);
  const urls = cells.map(({ name, front }) => `${name}=${front.url}`).join(',');
  return {
    parameters: { ...given, [ISSUER_URL]: issuer.url, [CELL_URLS]: urls },
    apiEndpoint: ({ region }) => cells.find((cell) => cell.region === region)?.front.url,
  };
}

function refuseAddresses(given: Readonly<Record<string, string>>): void {
  const named = Object.keys(given).find((name) =>
    [ISSUER_URL, CELL_URLS].includes(name.split(':').at(-1) ?? ''),
  );
  if (named === undefined) return;
  throw new ParameterError(
    named,
    `Parameter '${named}' cannot be set here: the local cloud passes its own addresses`,
  );
}
