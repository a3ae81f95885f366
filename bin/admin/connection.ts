import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { RefusedError, UsageError } from './usage-error.ts';

const DEFAULT_LOCAL_CLOUD = 'http://localhost:4000';

export interface Connection {
  readonly function?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** URL of a local cloud; '' for the usual one. */
  readonly local?: string | undefined;
  /** Whose function it is, where every cell has one: by its name. */
  readonly cell?: string | undefined;
}

/** What an SDK client is made with: the operator's own credentials, or those of a local cloud. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const Seed = z.object({
  aws: z.object({
    endpoint: z.string(),
    region: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
  }),
});

/** Throws UsageError, or RefusedError when there is no such cloud. */
export async function settingsOf(connection: Connection): Promise<ClientSettings> {
  const { local, cell } = connection;
  if (local !== undefined) return localSettings(local, cell);
  const region = connection.region ?? (cell === undefined ? undefined : await findRegion(cell));
  return {
    ...(region === undefined ? {} : { region }),
    ...(connection.profile === undefined ? {} : { profile: connection.profile }),
  };
}

async function localSettings(given: string, cell: string | undefined): Promise<ClientSettings> {
  const url = given === '' ? DEFAULT_LOCAL_CLOUD : given;
  if (!URL.canParse(url)) throw new UsageError(`--local ${url}: is not a URL`);
  const seed = Seed.safeParse(await fetchFrom(url, 'seed'));
  if (!seed.success) throw new RefusedError(`${url} is not a local cloud`);
  const { endpoint, accessKeyId, secretAccessKey } = seed.data.aws;
  const region = cell === undefined ? seed.data.aws.region : await findLocalRegion(url, cell);
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

const Cells = z.array(z.object({ name: z.string(), region: z.optional(z.string()) }));

async function findLocalRegion(url: string, cell: string): Promise<string> {
  const cells = Cells.safeParse(await fetchFrom(url, 'cells'));
  return requireRegion(cells.success ? cells.data : [], cell, url);
}

/** As the topology of this checkout says, which is what was deployed from it. */
async function findRegion(cell: string): Promise<string> {
  const file = z.object({ context: z.object({ cells: z._default(Cells, []) }) });
  const parsed = file.safeParse(JSON.parse(await readFile('cdk.json', 'utf8')));
  return requireRegion(parsed.success ? parsed.data.context.cells : [], cell, 'cdk.json');
}

function requireRegion(cells: z.infer<typeof Cells>, name: string, where: string): string {
  const region = cells.find((cell) => cell.name === name)?.region;
  if (region !== undefined) return region;
  throw new UsageError(`--cell ${name}: ${where} knows no region of it; --region names one`);
}

async function fetchFrom(url: string, what: 'seed' | 'cells'): Promise<unknown> {
  try {
    const response = await fetch(new URL(`/_local/api/${what}`, url));
    return await response.json();
  } catch {
    throw new RefusedError(
      `no local cloud answers at ${url}: npm start runs one, at another port --local URL finds it`,
    );
  }
}

/** What the SDK says when nobody has told it a region, in words that help. */
export function explainMissingRegion(error: Error): RefusedError | undefined {
  if (error.message !== 'Region is missing') return undefined;
  return new RefusedError(
    'no AWS region: give --region or set AWS_REGION; for the local cloud add --local',
  );
}
