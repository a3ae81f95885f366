/**
 * Every committed change of a region's tables, in order: what streams tell and what point-in-time
 * recovery goes back by. With a data directory it survives a restart.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Change, Origin } from './engine.ts';

export interface LoggedChange extends Change {
  /** Counts all changes of the region, from 1. */
  readonly sequence: number;
  readonly atMs: number;
  readonly origin: Origin;
}

export interface ChangeLog {
  /** Of an earlier start, oldest first. */
  readonly known: ReadonlyArray<LoggedChange>;
  append(change: Change, origin: Origin): LoggedChange;
  /** Forgets all; the sequence goes on. */
  reset(): void;
  /** All that was appended is in the file, which is closed until the next change. */
  flush(): Promise<void>;
}

/** The longest that recovery reaches back. */
const KEPT_MS = 35 * 86_400_000;

export async function openChangeLog(
  file: string | undefined,
  nowMs: () => number,
): Promise<ChangeLog> {
  const lines = file === undefined ? [] : await readChanges(file);
  const known = lines.filter(({ atMs }) => atMs > nowMs() - KEPT_MS);
  let sequence = lines.at(-1)?.sequence ?? 0;
  const appender = file === undefined ? undefined : createAppender(file);
  // The last line says where the sequence stands, however old it is.
  if (lines.length > known.length) appender?.rewrite([...known, ...lines.slice(-1)]);
  return {
    known,
    append(change, origin) {
      sequence += 1;
      const logged = { ...change, sequence, atMs: nowMs(), origin };
      appender?.append(logged);
      return logged;
    },
    reset: () => appender?.rewrite([]),
    flush: async () => appender?.flush(),
  };
}

/** A line that a crash cut off is the last one, and told nobody anything. */
async function readChanges(file: string): Promise<ReadonlyArray<LoggedChange>> {
  const changes: Array<LoggedChange> = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const change = parseLine(line);
      if (change !== undefined) changes.push(change);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return changes;
}

function parseLine(line: string): LoggedChange | undefined {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Writes a moment later what has come together until then; commits do not wait for it. */
function createAppender(file: string) {
  let waiting: Array<LoggedChange> = [];
  let anew: ReadonlyArray<LoggedChange> | undefined;
  let writing: Promise<void> | undefined;
  /** Open from the first line to a flush: to open it for each would cost more than to write it. */
  let lines: FileHandle | undefined;
  const close = async () => {
    const opened = lines;
    lines = undefined;
    await opened?.close();
  };
  const write = async () => {
    while (waiting.length > 0 || anew !== undefined) {
      const [first, rest] = [anew, waiting];
      anew = undefined;
      waiting = [];
      if (first !== undefined) {
        await close();
        await replaceFile(file, toLines(first));
      }
      lines ??= await openForLines(file);
      await lines.appendFile(toLines(rest));
    }
    writing = undefined;
  };
  return {
    append(change: LoggedChange) {
      waiting.push(change);
      writing ??= write();
    },
    rewrite(changes: ReadonlyArray<LoggedChange>) {
      waiting = [];
      anew = changes;
      writing ??= write();
    },
    flush: async () => {
      await writing;
      await close();
    },
  };
}

async function openForLines(file: string): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  return open(file, 'a', 0o600);
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function toLines(changes: ReadonlyArray<LoggedChange>): string {
  return changes.map((change) => `${JSON.stringify(change)}\n`).join('');
}
