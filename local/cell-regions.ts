import type { CellTopology } from './synthesis.ts';

/** Where a cell stands when only its name is given. */
const REGIONS: Readonly<Record<string, string>> = {
  eu: 'eu-central-1',
  us: 'us-east-1',
  ap: 'ap-southeast-2',
  ca: 'ca-central-1',
  sa: 'sa-east-1',
};
/** For other names, in turn: each cell has a region of its own. */
const OTHER_REGIONS = [
  'eu-west-1',
  'us-west-2',
  'ap-northeast-1',
  'eu-north-1',
  'us-east-2',
  'ap-south-1',
  'eu-west-3',
  'us-west-1',
  'ap-northeast-2',
];

/** The first one is the primary. */
export function cellsOf(names: ReadonlyArray<string>): ReadonlyArray<CellTopology> {
  const others = OTHER_REGIONS.values();
  return names.map((name) => ({ name, region: REGIONS[name] ?? String(others.next().value) }));
}
