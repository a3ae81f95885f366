import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNTRIES as ASKED } from '../../functions/core/countries.ts';
import { parseCellShares } from '../../functions/core/decoy-home.ts';
import { parseCellCountries } from '../../functions/core/home-choice.ts';
import { parseTopology } from '../../lib/config.ts';
import { COUNTRIES, homesOf } from '../../lib/countries.ts';
import { countryEnvironment, shareEnvironment } from '../../lib/topology-environment.ts';
import { THREE_CELLS } from './synthesized.ts';

function homesWith(...regions: ReadonlyArray<string>): (country: string) => string | undefined {
  const cells = regions.map((region, index) => ({ name: `c${index}`, region }));
  const homes = homesOf(parseTopology({ cells }, undefined));
  return (country) => homes.get(country)?.region;
}

describe('homes by country', () => {
  it('know every country of ISO 3166-1, and Kosovo', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    expect(COUNTRIES).toHaveLength(249 + 1);
    expect(new Set(COUNTRIES).size).toBe(COUNTRIES.length);
    expect(COUNTRIES.filter((code) => names.of(code) === undefined)).toEqual([]);
    expect(COUNTRIES).toContain('XK');
    expect(ASKED).toEqual(COUNTRIES);
  });

  it('give every country exactly one cell, whatever the cells', () => {
    const anyRegions = fc.uniqueArray(
      fc
        .constantFrom('eu-west-2', 'eu-central-1', 'us-west-2', 'ca-central-1', 'sa-east-1')
        .chain((region) => fc.constantFrom(region, 'ap-south-1', 'me-south-1', 'xx-new-9')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(anyRegions, (regions) => {
        const home = homesWith(...regions);
        for (const country of COUNTRIES) expect(regions).toContain(home(country));
      }),
    );
  });

  it.each([
    ['DE', 'eu-central-1'],
    ['FR', 'eu-central-1'],
    ['CH', 'eu-central-1'],
    ['ZA', 'eu-central-1'],
    ['US', 'us-east-1'],
    ['CA', 'us-east-1'],
    ['BR', 'us-east-1'],
    ['JP', 'ap-southeast-2'],
    ['NZ', 'ap-southeast-2'],
  ])('%s lives in %s with three cells', (country, region) => {
    expect(homesWith(...THREE_CELLS.map((cell) => cell.region))(country)).toBe(region);
  });

  it.each([
    ['the country’s own region before its continent’s first', 'JP', 'ap-northeast-1'],
    ['the Union for its members, whichever stands first', 'AT', 'eu-central-1'],
    ['their own for those outside of it', 'GB', 'eu-west-2'],
    ['what is near for who has neither', 'NZ', 'ap-southeast-2'],
    ['the primary where nothing is near', 'BR', 'eu-west-2'],
  ])('are %s', (_, country, region) => {
    const home = homesWith('eu-west-2', 'eu-central-1', 'ap-southeast-2', 'ap-northeast-1');
    expect(home(country)).toBe(region);
  });

  it('are what the topology says, first of all', () => {
    const cells = [
      { name: 'eu', region: 'eu-central-1' },
      { name: 'us', region: 'us-east-1', countries: ['DE', 'IE'] },
    ];
    const homes = homesOf(parseTopology({ cells }, undefined));
    expect(homes.get('DE')?.name).toBe('us');
    expect(homes.get('IE')?.name).toBe('us');
    expect(homes.get('FR')?.name).toBe('eu');
  });

  it('reach the functions as those read them', () => {
    const topology = parseTopology({ cells: THREE_CELLS }, undefined);
    const { CELL_COUNTRIES: text = '' } = countryEnvironment(topology);
    const homes = [...homesOf(topology)].map(([country, { name }]) => [country, name]);
    expect([...parseCellCountries(text)].sort()).toEqual(homes.sort());
    expect(text.length).toBeLessThan(800);
  });

  it('are nobody’s question with one cell', () => {
    expect(countryEnvironment(parseTopology({}, 'eu-central-1'))).toEqual({});
  });
});

describe('shares of the people', () => {
  it('reach the functions as those read them, one for each cell unless said', () => {
    const [eu, us, ap] = THREE_CELLS;
    const cells = [{ ...eu, share: 2.5 }, us, { ...ap, share: 0 }];
    const { CELL_SHARES: text = '' } = shareEnvironment(parseTopology({ cells }, undefined));
    expect([...parseCellShares(text)]).toEqual([
      ['eu', 2.5],
      ['us', 1],
      ['ap', 0],
    ]);
  });

  it('are nothing with one cell', () => {
    expect(shareEnvironment(parseTopology({}, 'eu-central-1'))).toEqual({});
  });
});
