/**
 * Parts of an export, in the order in which they are collected and stand in both files: first a
 * person's collection as its sort keys lie, then what is kept elsewhere. `one` is an object or
 * null, `many` a list.
 */
export const EXPORT_SECTIONS = {
  profile: 'one',
  credentials: 'many',
  preferences: 'one',
  permissions: 'many',
  consentHistory: 'many',
  grants: 'many',
  holds: 'many',
  sessions: 'many',
  identifiers: 'many',
  requests: 'many',
  activity: 'many',
  organisations: 'many',
  processors: 'many',
} as const;

export type ExportSection = keyof typeof EXPORT_SECTIONS;

export const SECTION_NAMES = Object.keys(EXPORT_SECTIONS) as ReadonlyArray<ExportSection>;

/** One thing that is held on a person, in words that a machine reads: times are ISO 8601. */
export type ExportRecord = Readonly<Record<string, unknown>>;

/** What parts are made of, a line each. */
export interface SectionedRecord {
  readonly section: ExportSection;
  readonly record: ExportRecord;
}

/** JSON lines; a record never holds a line break outside a JSON string. */
export function toLines(records: ReadonlyArray<SectionedRecord>): string {
  return records.map(({ section, record }) => `${JSON.stringify([section, record])}\n`).join('');
}

/** What `toLines` wrote. */
export function parseLine(line: string): SectionedRecord {
  const [section, record]: [ExportSection, ExportRecord] = JSON.parse(line);
  return { section, record };
}

/** How many of each section there are. */
export type SectionCounts = Readonly<Partial<Record<ExportSection, number>>>;

export function countRecords(
  counts: SectionCounts,
  records: ReadonlyArray<SectionedRecord>,
): SectionCounts {
  const sum: Partial<Record<ExportSection, number>> = { ...counts };
  for (const { section } of records) sum[section] = (sum[section] ?? 0) + 1;
  return sum;
}
