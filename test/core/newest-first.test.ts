import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Moment,
  newestFirst,
  type Position,
  type SourcePage,
} from '../../functions/core/newest-first.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

type Line = Moment<string>;

/** Newest first; every third line is read and not shown. */
function linesOf(name: string, times: ReadonlyArray<number>): ReadonlyArray<Line> {
  return times
    .toSorted((a, b) => b - a)
    .map((at, index) => ({
      at: at as EpochSeconds,
      cursor: `${name}${index}`,
      ...(index % 3 !== 2 && { row: `${at} ${name}${index}` }),
    }));
}

/** A page of a source, as a table would give it. */
function read(lines: ReadonlyArray<Line>, from: Position, size: number): SourcePage<string> {
  if (from === 'end') return { moments: [] };
  const start = lines.findIndex(({ cursor }) => cursor === from) + 1;
  const moments = lines.slice(start, start + size);
  const last = moments.at(-1)?.cursor;
  const isEnd = start + size >= lines.length || last === undefined;
  return isEnd ? { moments } : { moments, next: last };
}

function readAll(sources: ReadonlyArray<ReadonlyArray<Line>>, size: number): ReadonlyArray<string> {
  const rows: Array<string> = [];
  let positions: ReadonlyArray<Position> | undefined = sources.map(() => 'beginning');
  while (positions !== undefined) {
    const from: ReadonlyArray<Position> = positions;
    const pages = sources.map((lines, index) => {
      const position = from[index] ?? 'end';
      return { ...read(lines, position, size), from: position };
    });
    const page = newestFirst(pages, size);
    expect(page.rows.length).toBeLessThanOrEqual(size);
    expect(page.positions).not.toEqual(from);
    rows.push(...page.rows);
    positions = page.positions;
  }
  return rows;
}

describe('one list out of several', () => {
  test('has every line once, in the order of time, however many stand on a page', () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 7 }), (some, others, size) => {
        const sources = [linesOf('a', some), linesOf('b', others)];
        const rows = readAll(sources, size);
        const expected = sources.flat().flatMap(({ row }) => row ?? []);
        expect(rows.toSorted()).toEqual(expected.toSorted());
        const shown = rows.map((row) => Number(row.split(' ')[0]));
        expect(shown).toEqual(shown.toSorted((a, b) => b - a));
      }),
    );
  });

  test('tells of one second what the first source has before what the second has', () => {
    const page = newestFirst(
      [linesOf('a', [5]), linesOf('b', [5])].map((moments) => ({ moments, from: 'beginning' })),
      9,
    );
    expect(page).toEqual({ rows: ['5 a0', '5 b0'] });
  });

  test('ends its page with a source that has more, since that may be newer than the rest', () => {
    const pages = [
      { moments: linesOf('a', [9, 8]), next: 'a1', from: 'beginning' },
      { moments: linesOf('b', [1]), from: 'beginning' },
    ];
    const page = newestFirst(pages, 9);
    expect(page).toEqual({ rows: ['9 a0', '8 a1'], positions: ['a1', 'beginning'] });
  });
});
