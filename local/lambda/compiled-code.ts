import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

/** What V8 has compiled, kept in files for other threads and processes. */
export interface CompiledCode {
  /** Undefined when there is none, or not what was written. */
  read(name: string): Buffer | undefined;
  /** Nothing happens when that is not possible: code is compiled anew then. */
  write(name: string, code: Buffer): void;
}

/** Some megabyte each; those of the present bundles are far fewer. */
const MOST_FILES = 100;
const CHECKSUM_BYTES = 4;

/** V8 believes what it is handed, and the whole process would die of half a file: each has a checksum. */
export function openCompiledCode(directory: string): CompiledCode {
  return {
    read(name) {
      try {
        const file = readFileSync(join(directory, name));
        const code = file.subarray(CHECKSUM_BYTES);
        return file.readUInt32BE() === crc32(code) ? code : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, code) {
      const checksum = Buffer.alloc(CHECKSUM_BYTES);
      checksum.writeUInt32BE(crc32(code));
      try {
        mkdirSync(directory, { recursive: true });
        // Moved when it is whole: others look for it meanwhile.
        const own = join(directory, `${name}.${process.pid}.${threadId}`);
        writeFileSync(own, Buffer.concat([checksum, code]));
        renameSync(own, join(directory, name));
        forgetOldest(directory);
      } catch {
        // A full disk stops no function.
      }
    },
  };
}

function forgetOldest(directory: string): void {
  const files = readdirSync(directory)
    .map((name) => join(directory, name))
    .map((file) => ({ file, writtenMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.writtenMs - one.writtenMs);
  for (const { file } of files.slice(MOST_FILES)) rmSync(file, { force: true });
}
