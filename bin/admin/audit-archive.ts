import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { RecordText } from '../../functions/core/audit/audit-record.ts';
import { parseHour } from '../../functions/core/audit/hours.ts';
import type { StoredRoot } from '../../functions/core/ports/audit-hours.ts';
import { UsageError } from './usage-error.ts';

/** An hour as it lies in the archive. */
export interface ArchivedHour {
  readonly root: StoredRoot;
  readonly texts: ReadonlyArray<RecordText>;
}

/** The root in the first line, then a record in each. Throws UsageError for another file. */
export async function readArchived(file: string): Promise<ArchivedHour> {
  const lines: Array<string> = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) lines.push(line);
  } catch {
    throw new UsageError(`--from-archive ${file}: cannot be read`);
  }
  const [first = '', ...texts] = lines;
  const root = parseStored(first);
  if (root === undefined) throw new UsageError(`--from-archive ${file}: is no hour of an archive`);
  return { root, texts: texts.map((text) => text as RecordText) };
}

function parseStored(line: string): StoredRoot | undefined {
  try {
    const { hour, root }: Record<string, unknown> = Object(JSON.parse(line));
    const parsed = parseHour(String(hour));
    return parsed === undefined || typeof root !== 'string' ? undefined : { hour: parsed, root };
  } catch {
    return undefined;
  }
}
