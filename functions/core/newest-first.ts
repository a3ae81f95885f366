/** One list out of several that are read page by page, each the newest first. */
import type { EpochSeconds } from './time.ts';

/** One line of a source. */
export interface Moment<Row> {
  readonly at: EpochSeconds;
  /** Cursor that leads to what comes after it in its source. */
  readonly cursor: string;
  /** Absent for what is read and not shown. */
  readonly row?: Row;
}

/** What was read of one source. */
export interface SourcePage<Row> {
  readonly moments: ReadonlyArray<Moment<Row>>;
  /** To what comes after all of them; absent at the source's end. */
  readonly next?: string;
}

/** Where the next page of a source begins: at its beginning, after a cursor, or nowhere. */
export type Position = string | 'beginning' | 'end';

export interface NewestFirst<Row> {
  readonly rows: ReadonlyArray<Row>;
  /** Of each source, in their order; absent when all have come to their end. */
  readonly positions?: ReadonlyArray<Position>;
}

interface Reading<Row> extends SourcePage<Row> {
  readonly from: Position;
  /** How many of its moments are taken. */
  readonly taken: number;
}

/**
 * So many rows at most, in the order of time; of one second, those of the earlier source first. A
 * page ends where a source does that has more to tell: what that is, may be newer than the rest.
 */
export function newestFirst<Row>(
  pages: ReadonlyArray<SourcePage<Row> & { readonly from: Position }>,
  size: number,
): NewestFirst<Row> {
  let sources: ReadonlyArray<Reading<Row>> = pages.map((page) => ({ ...page, taken: 0 }));
  const rows: Array<Row> = [];
  while (rows.length < size && !sources.some(isCutOff)) {
    const newest = findNewest(sources);
    if (newest === undefined) break;
    const { row } = newest.moment;
    if (row !== undefined) rows.push(row);
    sources = sources.map((source) =>
      source === newest.source ? { ...source, taken: source.taken + 1 } : source,
    );
  }
  const positions = sources.map(positionAfter);
  return positions.every((position) => position === 'end') ? { rows } : { rows, positions };
}

function isCutOff({ moments, next, taken }: Reading<unknown>): boolean {
  return taken === moments.length && next !== undefined;
}

function findNewest<Row>(sources: ReadonlyArray<Reading<Row>>) {
  const heads = sources.flatMap((source) => {
    const moment = source.moments[source.taken];
    return moment === undefined ? [] : [{ source, moment }];
  });
  return heads.toSorted((a, b) => b.moment.at - a.moment.at)[0];
}

function positionAfter({ moments, next, from, taken }: Reading<unknown>): Position {
  if (taken === moments.length) return next ?? 'end';
  return taken === 0 ? from : (moments[taken - 1]?.cursor ?? from);
}
