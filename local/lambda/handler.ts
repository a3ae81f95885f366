import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ContainerSettings } from './messages.ts';

export type Handler = (event: unknown, context: object) => unknown;

/** In the order in which Lambda looks for them, where no package says what `.js` is. */
const ENDINGS = ['.js', '.mjs', '.cjs'];
const ES_MODULE = '.mjs';

/** Starts the function's module from its beginning. Throws what the module throws. */
export async function loadHandler({
  assetDirectory,
  handler,
}: ContainerSettings): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const base = join(assetDirectory, handler.slice(0, dot));
  const file = ENDINGS.map((ending) => base + ending).find(existsSync);
  if (file === undefined) throw new Error(`no module for handler ${handler}`);
  const module = file.endsWith(ES_MODULE) ? await import(asNew(file)) : requireAnew(file);
  const found: unknown = module[handler.slice(dot + 1)];
  if (!isHandler(found)) throw new Error(`${handler} is not a function`);
  return found;
}

/** V8 still knows the code that it compiled for an earlier container of this thread. */
function requireAnew(file: string): Readonly<Record<string, unknown>> {
  // A `require` of its own, since one keeps all that was ever loaded by it.
  const require = createRequire(import.meta.url);
  Reflect.deleteProperty(require.cache, file);
  return require(file);
}

let loaded = 0;

/** Nothing makes Node forget an ES module: each container's has a name of its own. */
function asNew(file: string): string {
  loaded += 1;
  return loaded === 1 ? pathToFileURL(file).href : `${pathToFileURL(file).href}?${loaded}`;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
