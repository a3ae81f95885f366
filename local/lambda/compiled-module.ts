import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { constants, Script } from 'node:vm';
import type { CompiledCode } from './compiled-code.ts';

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

const PARAMETERS = '(function (exports, require, module, __filename, __dirname) {';

/**
 * Node's `require` starts a module once, and where it is made to forget that, V8 has to learn its code
 * anew. Here the same function starts again. `known` holds what other threads have compiled.
 */
export function compileModule(file: string, known: CompiledCode): CompiledModule {
  const wrapped = `${PARAMETERS} ${readFileSync(file, 'utf8')}\n})`;
  const name = `${hash(wrapped)}-${cachedDataVersionTag()}`;
  const cachedData = known.read(name);
  const script = new Script(wrapped, {
    filename: file,
    // Stack traces tell of places in the file.
    columnOffset: -PARAMETERS.length - 1,
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
      if (!isShared) known.write(name, script.createCachedData());
      isShared = true;
    },
  };
}

function hash(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}
