import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { constants, Script } from 'node:vm';
import { threadId } from 'node:worker_threads';

/** A CommonJS module that starts from its beginning as often as asked to. */
export interface CompiledModule {
  /** Answers with what it exports when it lies there. Throws what it throws. */
  start(file: string): Readonly<Record<string, unknown>>;
  /** Keeps what V8 has compiled so far, for threads to come, unless there is such a file. */
  share(): void;
}

type Body = (
  exports: object,
  require: NodeJS.Require,
  module: { readonly exports: Readonly<Record<string, unknown>> },
  file: string,
  directory: string,
) => void;

/** Some megabyte each; those of the present bundles are far fewer. */
const MOST_SHARED = 100;

/**
 * Node's `require` starts a module once, and where it is made to forget that, V8 has to learn its code
 * anew. Here the same function starts again. `directory` holds what other threads have compiled.
 */
export function compileModule(file: string, directory: string): CompiledModule {
  const source = readFileSync(file, 'utf8');
  const shared = join(directory, `${hash(source)}-${cachedDataVersionTag()}.v8`);
  const cachedData = readIfThere(shared);
  const script = new Script(wrap(source), {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  });
  const body: Body = script.runInThisContext();
  let isShared = script.cachedDataRejected === false;
  return {
    start(file) {
      const module = { exports: {} };
      const require = createRequire(file);
      body.call(module.exports, module.exports, require, module, file, dirname(file));
      return module.exports;
    },
    share() {
      if (isShared) return;
      isShared = true;
      mkdirSync(directory, { recursive: true });
      // Moved when it is whole: other threads and processes look for it meanwhile.
      const own = `${shared}.${process.pid}.${threadId}`;
      writeFileSync(own, script.createCachedData());
      renameSync(own, shared);
      forgetOldest(directory);
    },
  };
}

function wrap(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
}

function hash(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function forgetOldest(directory: string): void {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.v8'))
    .map((name) => join(directory, name))
    .map((file) => ({ file, ageMs: -(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) }))
    .sort((one, other) => one.ageMs - other.ageMs);
  for (const { file } of files.slice(MOST_SHARED)) rmSync(file, { force: true });
}
