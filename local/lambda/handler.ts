import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompiledModule } from './compiled-module.ts';
import type { ContainerSettings } from './messages.ts';

export type Handler = (event: unknown, context: object) => unknown;

/** In the order in which Lambda looks for them, where no package says what `.js` is. */
const ENDINGS = ['.js', '.mjs', '.cjs'];
const ES_MODULE = '.mjs';

/**
 * Starts the function's module from its beginning; `compile` is asked where it is CommonJS. Throws what
 * the module throws.
 */
export async function loadHandler(
  { assetDirectory, handler }: ContainerSettings,
  compile: (file: string) => CompiledModule,
): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const base = join(assetDirectory, handler.slice(0, dot));
  const file = ENDINGS.map((ending) => base + ending).find(existsSync);
  if (file === undefined) throw new Error(`no module for handler ${handler}`);
  const module = file.endsWith(ES_MODULE) ? await import(asNew(file)) : compile(file).start(file);
  const found: unknown = module[handler.slice(dot + 1)];
  if (!isHandler(found)) throw new Error(`${handler} is not a function`);
  return found;
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
