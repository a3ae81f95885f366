import { type BundleReport, IMPORT_RATIO_LIMIT } from './bundles.ts';
import type { Budget, Measurement } from './measure.ts';

export interface FlowReport {
  readonly name: string;
  readonly budget: Budget;
  readonly measured: Measurement;
  /** US dollars per run. */
  readonly cost: number;
}

export type Rows = ReadonlyArray<ReadonlyArray<string>>;

export function flowRows(flows: ReadonlyArray<FlowReport>): Rows {
  return [
    ['flow', 'AWS calls', 'depth', 'of which KMS', '$ per million'],
    ...flows.map(({ name, budget, measured, cost }) => [
      name,
      ...(['calls', 'depth', 'kms'] as const).map((key) => `${measured[key]} (${budget[key]})`),
      (cost * 1_000_000).toFixed(2),
    ]),
  ];
}

/** With several cells, where somebody's requests arrive at one of them. */
export function placeRows(flows: ReadonlyArray<FlowReport>): Rows {
  return [
    ['flow', 'AWS calls', 'depth', 'to other regions', 'waiting', '$ per million'],
    ...flows.map(({ name, budget, measured, cost }) => [
      name,
      ...(['calls', 'depth', 'abroad'] as const).map(
        (key) => `${measured[key] ?? 0} (${budget[key] ?? 0})`,
      ),
      `${Math.round(measured.waitMs)} ms`,
      (cost * 1_000_000).toFixed(2),
    ]),
  ];
}

export function bundleRows(bundles: ReadonlyArray<BundleReport>): Rows {
  return [
    ['surface', 'bundle', 'gzip', 'SDK clients alone', 'import ratio'],
    ...bundles.map(({ surface, bytes, gzipBytes, baselineGzipBytes, clients, importRatio }) => [
      surface,
      kilobytes(bytes),
      kilobytes(gzipBytes),
      `${kilobytes(baselineGzipBytes)} (${clients.join(', ')})`,
      `${importRatio.toFixed(2)} (${IMPORT_RATIO_LIMIT})`,
    ]),
  ];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}

/** For a terminal: columns padded to their widest cell. */
export function toText(rows: Rows): string {
  const widths = columnWidths(rows);
  const line = (cells: ReadonlyArray<string>) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  const rule = '─'.repeat(line(widths.map((width) => '─'.repeat(width))).length);
  return [line(head), rule, ...body.map(line)].join('\n');
}

/** A Markdown table; the first row is its head. */
export function toMarkdown(rows: Rows): string {
  const widths = columnWidths(rows);
  const line = (cells: ReadonlyArray<string>) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

function columnWidths(rows: Rows): ReadonlyArray<number> {
  const columns = rows[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
}
