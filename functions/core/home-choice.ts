/** Where somebody will be at home: settled by their country before anything personal is typed. */
import type { CellName, Cells } from './cells.ts';

/** ISO 3166-1 alpha-2 → the cell that its people are at home in. */
export type CellCountries = ReadonlyMap<string, CellName>;

export type HomeChoice =
  | { readonly next: 'settled'; readonly cell: CellName; readonly country?: string }
  | { readonly next: 'ask-country' }
  /** Among these places: no country decides, or the app is not offered where it leads. */
  | {
      readonly next: 'ask-cell';
      readonly offered: ReadonlyArray<CellName>;
      readonly country?: string;
    };

interface Circumstances {
  readonly cells: Pick<Cells, 'all' | 'find'>;
  readonly countries: CellCountries;
  /** The client's, if it has any. */
  readonly allowedCells: ReadonlyArray<CellName> | undefined;
  /** A place that the person chose themselves. */
  readonly statedCell?: string | undefined;
  /** A country that the person stated; `OTHER_COUNTRY` when it is in no list. */
  readonly statedCountry?: string | undefined;
  /** Where the request seems to come from. */
  readonly apparentCountry?: string | undefined;
}

/** What the form posts for a country that is in no list. */
export const OTHER_COUNTRY = 'other';

/** What the person says counts for more than where they seem to be, and nothing for more than that. */
export function chooseHome(circumstances: Circumstances): HomeChoice {
  const { cells, statedCell, statedCountry, apparentCountry } = circumstances;
  const offered = offeredCells(circumstances);
  if (statedCell !== undefined && offered.includes(statedCell)) {
    return { next: 'settled', cell: statedCell };
  }
  if (statedCountry === OTHER_COUNTRY) return askCell(offered);
  const country = [statedCountry, apparentCountry].find((code) => homeOf(circumstances, code));
  const [only, ...more] = offered;
  if (country === undefined) {
    if (only !== undefined && more.length === 0) return { next: 'settled', cell: only };
    return circumstances.countries.size === 0 ? askCell(offered) : { next: 'ask-country' };
  }
  const cell = homeOf(circumstances, country) ?? '';
  if (cells.find(cell) !== undefined && offered.includes(cell)) {
    return { next: 'settled', cell, country };
  }
  return askCell(offered, country);
}

/** The deployment's cells that the client takes people of, in the order of the topology. */
export function offeredCells({
  cells,
  allowedCells,
}: Pick<Circumstances, 'cells' | 'allowedCells'>): ReadonlyArray<CellName> {
  const names = cells.all.map(({ name }) => name);
  return names.filter((name) => allowedCells?.includes(name) ?? true);
}

/** `eu=AT BE …,us=CA US`, as the stacks write it. */
export function parseCellCountries(text: string): CellCountries {
  const pairs = text.split(',').flatMap((entry): Array<[string, CellName]> => {
    const [cell = '', countries = ''] = entry.split('=');
    const codes = countries.split(' ').filter((code) => /^[A-Z]{2}$/.test(code));
    return codes.map((code) => [code, cell.trim()]);
  });
  return new Map(pairs);
}

function homeOf({ countries }: Circumstances, country: string | undefined): CellName | undefined {
  return country === undefined ? undefined : countries.get(country);
}

function askCell(offered: ReadonlyArray<CellName>, country?: string): HomeChoice {
  return { next: 'ask-cell', offered, ...(country !== undefined && { country }) };
}
