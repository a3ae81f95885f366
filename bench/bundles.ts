import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BUNDLING, PROJECT_ROOT } from '../lib/bundling.ts';
import { readFunction } from '../local/lambda/from-template.ts';
import type { Deployment } from '../local/template/deployment.ts';
import { type Runnable, timeImports } from './import-time.ts';

/** A deployed bundle, compared with one that does nothing but construct the SDK clients it uses. */
export interface BundleReport {
  readonly surface: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly baselineGzipBytes: number;
  readonly clients: ReadonlyArray<string>;
  /** Median over pairs of fresh processes: import of the bundle ÷ import of the baseline. */
  readonly importRatio: number;
}

/** Beyond this, a cold start waits for something else than AWS's own clients. */
export const IMPORT_RATIO_LIMIT = 1.6;

const DIRECTORY = join(PROJECT_ROOT, '.tmp/bench');

/** Measures every deployed function; `onSurface` hears each one's name as its turn comes. */
export async function measureBundles(
  deployment: Deployment,
  onSurface: (surface: string) => void,
): Promise<ReadonlyArray<BundleReport>> {
  await mkdir(DIRECTORY, { recursive: true });
  const reports: Array<BundleReport> = [];
  for (const resource of deployment.byType('AWS::Lambda::Function')) {
    const { name, assetDirectory, environment } = readFunction(deployment, resource);
    const surface = name.replace(/^domicile-/, '');
    onSurface(surface);
    reports.push(await measureBundle(surface, { directory: assetDirectory, environment }));
  }
  await rm(DIRECTORY, { recursive: true, force: true });
  return reports;
}

async function measureBundle(
  surface: string,
  deployed: { readonly directory: string; readonly environment: Runnable['environment'] },
): Promise<BundleReport> {
  const bundle = join(deployed.directory, 'index.cjs');
  const clients = await findClients(surface, bundle);
  const baseline = await buildBaseline(surface, clients);
  const [code, baselineCode] = await Promise.all([readFile(bundle), readFile(baseline)]);
  const { environment } = deployed;
  return {
    surface,
    bytes: code.length,
    gzipBytes: gzipSync(code).length,
    baselineGzipBytes: gzipSync(baselineCode).length,
    clients,
    importRatio: await timeImports({ file: bundle, environment }, { file: baseline, environment }),
  };
}

/** Names of the SDK clients whose code is in the bundle, as esbuild lists them. */
async function findClients(
  surface: string,
  deployedBundle: string,
): Promise<ReadonlyArray<string>> {
  const { metafile } = await build({
    ...BUNDLING,
    metafile: true,
    // Named as the deployed one is: esbuild calls what a module exports after its file.
    entryPoints: { [`${surface}/index`]: `functions/${surface}/index.ts` },
    outdir: DIRECTORY,
  });
  await requireSameBundle(join(DIRECTORY, surface, 'index.cjs'), deployedBundle);
  const found = Object.keys(metafile.inputs).map(
    (input) => /node_modules\/@aws-sdk\/client-([a-z0-9-]+)\//.exec(input)?.[1],
  );
  return [...new Set(found)].filter((name) => name !== undefined).sort();
}

/** Else the baseline would be built otherwise than what it is compared with. */
async function requireSameBundle(ours: string, deployed: string): Promise<void> {
  const [a, b] = await Promise.all([readFile(ours), readFile(deployed)]);
  if (a.equals(b)) return;
  throw new Error(
    `${deployed} is not what a build of its own makes of the sources: either they have changed ` +
      'since the bench began, or one build of all surfaces has mixed them',
  );
}

/** By the ends of their packages' names. */
export const CLIENT_CLASSES: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDBClient',
  eventbridge: 'EventBridgeClient',
  kms: 'KMSClient',
  lambda: 'LambdaClient',
  s3: 'S3Client',
  ses: 'SESClient',
  sfn: 'SFNClient',
};

/** Returns the file. */
async function buildBaseline(surface: string, clients: ReadonlyArray<string>): Promise<string> {
  const lines = clients.map((client) => {
    const name = CLIENT_CLASSES[client];
    if (name === undefined) throw new Error(`which class is the client of ${client}?`);
    return `import { ${name} } from '@aws-sdk/client-${client}'; export const ${client} = new ${name}({});`;
  });
  const outfile = join(DIRECTORY, `${surface}-baseline.cjs`);
  const { outExtension: _, ...options } = BUNDLING;
  await build({
    ...options,
    stdin: { contents: lines.join('\n'), resolveDir: PROJECT_ROOT },
    outfile,
  });
  return outfile;
}
