import type { CellTopology } from './synthesis.ts';

/** Where a cell stands when only its name is given. */
const REGIONS: Readonly<Record<string, string>> = {
  eu: 'eu-central-1',
  us: 'us-east-1',
  ap: 'ap-southeast-1',
  ca: 'ca-central-1',
  sa: 'sa-east-1',
};
const OTHER_REGION = 'eu-west-1';

export function cellOf(name: string): CellTopology {
  return { name, region: REGIONS[name] ?? OTHER_REGION };
}
