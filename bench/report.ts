import { type BundleReport, IMPORT_RATIO_LIMIT } from './bundles.ts';
import type { Budget, Measurement } from './measure.ts';

export interface FlowReport {
  readonly name: string;
  readonly budget: Budget;
  readonly measured: Measurement;
  /** US dollars per run. */
  readonly cost: number;
}

/** A flow with several cells: where its person is at home, and through another cell. */
export interface CellsReport {
  readonly name: string;
  /** Undefined for flows that there are elsewhere alone. */
  readonly atHome: FlowReport | undefined;
  readonly elsewhere: FlowReport;
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

export function cellsRows(reports: ReadonlyArray<CellsReport>): Rows {
  const counted = (report: FlowReport | undefined, key: 'calls' | 'depth' | 'hops') =>
    report === undefined ? '' : `${report.measured[key] ?? 0} (${report.budget[key] ?? 0})`;
  const waited = (report: FlowReport | undefined) =>
    report === undefined ? '' : `${Math.round(report.measured.waitMs)} ms`;
  const priced = (report: FlowReport | undefined) =>
    report === undefined ? '' : (report.cost * 1_000_000).toFixed(2);
  return [
    [
      ...['flow', 'at home: calls', 'depth', 'waiting', '$ per million'],
      ...['elsewhere: calls', 'depth', 'between cells', 'waiting', '$ per million'],
    ],
    ...reports.map(({ name, atHome, elsewhere }) => [
      ...[name, counted(atHome, 'calls'), counted(atHome, 'depth'), waited(atHome)],
      ...[priced(atHome), counted(elsewhere, 'calls'), counted(elsewhere, 'depth')],
      ...[counted(elsewhere, 'hops'), waited(elsewhere), priced(elsewhere)],
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
