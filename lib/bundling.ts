import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { COMMON_PASSWORDS_FILE } from '../functions/environment.ts';
import { SURFACES, type Surface } from './surfaces.ts';

export const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/**
 * Ways to find credentials outside Lambda, a quarter of a bundle. The SDK imports them only when
 * the environment holds no credentials, and Lambda's always does.
 */
const UNUSED_CREDENTIAL_PROVIDERS = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** How functions are bundled. The bench builds what it compares them with in the same way. */
export const BUNDLING = {
  absWorkingDir: PROJECT_ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Faster to start than an ES module, and Node can start it again in a thread that has compiled it.
  format: 'cjs',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname' },
  // What is used of the SDK goes into the bundle: Lambda's own is larger and slower to load.
  external: UNUSED_CREDENTIAL_PROVIDERS,
  // Names stay: stack traces are readable without source maps, which would double what a cold start
  // loads, and without `keepNames`, which names each function anew at every start.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Of a surface, below the project's directory. */
export function entryOf(surface: Surface): string {
  return `functions/${surface}/index.ts`;
}

/**
 * Bundles every surface into `<directory>/<surface>/index.cjs`, with what may lie beside it in the
 * directory itself. One build of all, since they share most of what they are made from; each bundle
 * is what a build of its own would be.
 */
export function bundleSurfaces(directory: string): void {
  const entries = SURFACES.map((surface) => [`${surface}/index`, entryOf(surface)] as const);
  buildSync({ ...BUNDLING, entryPoints: Object.fromEntries(entries), outdir: directory });
  // A program, because the list of passwords is for development and no part of the app's own code.
  const program = join(PROJECT_ROOT, 'bin', 'common-passwords.ts');
  execFileSync(process.execPath, [program, join(directory, COMMON_PASSWORDS_FILE)]);
}

let provided: string | undefined;

/** Where this process has bundled every surface, once; gone when it ends. */
export function provideBundles(): string {
  if (provided === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'domicile-bundles-'));
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
    bundleSurfaces(directory);
    provided = directory;
  }
  return provided;
}
