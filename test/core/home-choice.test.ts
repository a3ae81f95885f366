import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCells } from '../../functions/core/cells.ts';
import {
  chooseHome,
  OTHER_COUNTRY,
  offeredCells,
  parseCellCountries,
} from '../../functions/core/home-choice.ts';

const cells = parseCells(
  'eu',
  'eu=http://localhost:4001,us=http://localhost:4002,ap=http://localhost:4003',
  'eu=eu-central-1,us=us-east-1,ap=ap-southeast-2',
);
const countries = parseCellCountries('eu=DE AT,us=US CA,ap=AU');

interface Row {
  readonly statedCell?: string;
  readonly statedCountry?: string;
  readonly apparentCountry?: string;
  readonly allowedCells?: ReadonlyArray<string>;
  readonly withoutTable?: boolean;
}

function choose({ allowedCells, withoutTable = false, ...stated }: Row) {
  const table = withoutTable ? parseCellCountries('') : countries;
  return chooseHome({ cells, countries: table, allowedCells, ...stated });
}

const settled = (cell: string, country?: string) => ({
  next: 'settled',
  cell,
  ...(country !== undefined && { country }),
});
const askCell = (offered: ReadonlyArray<string>, country?: string) => ({
  next: 'ask-cell',
  offered,
  ...(country !== undefined && { country }),
});
const ALL = ['eu', 'us', 'ap'];

describe('the home of somebody new', () => {
  const rows: ReadonlyArray<readonly [string, Row, object]> = [
    ['follows where they seem to be', { apparentCountry: 'CA' }, settled('us', 'CA')],
    [
      'follows what they say rather',
      { apparentCountry: 'CA', statedCountry: 'AT' },
      settled('eu', 'AT'),
    ],
    ['is asked for when nothing is known', {}, { next: 'ask-country' }],
    [
      'is asked for when the network is nowhere',
      { apparentCountry: 'XX' },
      { next: 'ask-country' },
    ],
    [
      'is asked for when what they say is nowhere',
      { statedCountry: 'de' },
      { next: 'ask-country' },
    ],
    [
      'is a place of their choice in other countries',
      { statedCountry: OTHER_COUNTRY },
      askCell(ALL),
    ],
    [
      'is not guessed for who says that it is another country',
      { statedCountry: OTHER_COUNTRY, apparentCountry: 'DE' },
      askCell(ALL),
    ],
    ['is a place of their choice without a table', { withoutTable: true }, askCell(ALL)],
    ['is the place that they chose', { statedCell: 'ap', statedCountry: 'DE' }, settled('ap')],
    ['is no place that there is not', { statedCell: 'moon' }, { next: 'ask-country' }],
    [
      'is within what the app allows',
      { apparentCountry: 'AT', allowedCells: ['eu', 'us'] },
      settled('eu', 'AT'),
    ],
    [
      'is a place of their choice where the app does not allow the usual one',
      { apparentCountry: 'AU', allowedCells: ['us', 'eu'] },
      askCell(['eu', 'us'], 'AU'),
    ],
    [
      'is not where the app does not allow it, even by choice',
      { statedCell: 'ap', statedCountry: 'AU', allowedCells: ['us'] },
      askCell(['us'], 'AU'),
    ],
    ['is the only place that the app allows', { allowedCells: ['us'] }, settled('us')],
    [
      'is nowhere when the app allows what there is not',
      { allowedCells: ['moon'], apparentCountry: 'DE' },
      askCell([], 'DE'),
    ],
  ];

  it.each(rows)('%s', (_, row, choice) => {
    expect(choose(row)).toEqual(choice);
  });

  it('is never settled where the app does not allow it', () => {
    const text = fc.constantFrom('DE', 'US', 'AU', 'XX', 'other', 'eu', 'us', 'ap', undefined);
    const lists = fc.option(fc.subarray(['eu', 'us', 'ap', 'moon']), { nil: undefined });
    fc.assert(
      fc.property(
        text,
        text,
        text,
        lists,
        (statedCell, statedCountry, apparentCountry, allowed) => {
          const stated = { statedCell, statedCountry, apparentCountry };
          const choice = chooseHome({ cells, countries, allowedCells: allowed, ...stated });
          if (choice.next !== 'settled') return;
          expect(offeredCells({ cells, allowedCells: allowed })).toContain(choice.cell);
        },
      ),
    );
  });
});

describe('the table of countries', () => {
  it('is read as the stacks write it, and nothing else in it counts', () => {
    expect([...parseCellCountries('eu=AT BE,us=CA')]).toEqual([
      ['AT', 'eu'],
      ['BE', 'eu'],
      ['CA', 'us'],
    ]);
    expect(parseCellCountries('').size).toBe(0);
    expect([...parseCellCountries('eu=,us=usa U  CA')]).toEqual([['CA', 'us']]);
  });
});
