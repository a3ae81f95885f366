import type { EpochSeconds } from '../time.ts';
import type { SectionCounts } from './sections.ts';

/** What an export reads, one after the other; each gives its pages in the order of the sections. */
export const EXPORT_SOURCES = [
  'collection',
  'directory',
  'requests',
  'activity',
  'answers',
] as const;

export type ExportSourceName = (typeof EXPORT_SOURCES)[number];

export const EXPORT_FILES = ['export.json', 'export.html'] as const;

export type ExportFileName = (typeof EXPORT_FILES)[number];

/** How far an export has come: kept with its request, so that whoever repeats a state goes on. */
export interface ExportProgress {
  /** Files of collected records so far; the next one has this number. */
  readonly parts: number;
  readonly counts: SectionCounts;
  /** What is read now; absent once everything was. */
  readonly source?: ExportSourceName;
  /** Where its next page begins; absent at its beginning. */
  readonly cursor?: string;
  readonly collectedAt?: EpochSeconds;
  /** When both files were complete. */
  readonly assembledAt?: EpochSeconds;
  /** Bytes. */
  readonly sizes?: Readonly<Record<ExportFileName, number>>;
  readonly mailedAt?: EpochSeconds;
}

export const BEGINNING: ExportProgress = { parts: 0, counts: {}, source: 'collection' };

/** After a page of the present source: its next page, or the next source. */
export function afterPage(
  { source: _, cursor: __, ...progress }: ExportProgress,
  read: { readonly source: ExportSourceName; readonly cursor?: string; readonly now: EpochSeconds },
): ExportProgress {
  if (read.cursor !== undefined) {
    return { ...progress, source: read.source, cursor: read.cursor };
  }
  const next = EXPORT_SOURCES[EXPORT_SOURCES.indexOf(read.source) + 1];
  return next === undefined
    ? { ...progress, collectedAt: read.now }
    : { ...progress, source: next };
}
