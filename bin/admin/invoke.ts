import { readFile } from 'node:fs/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { RefusedError, UsageError } from './usage-error.ts';

const DEFAULT_FUNCTION = 'domicile-admin';
const DEFAULT_LOCAL_CLOUD = 'http://localhost:4000';

interface Connection {
  readonly function?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** URL of a local cloud; '' for the usual one. */
  readonly local?: string | undefined;
  /** Whose function it is, where every cell has one: by its name. */
  readonly cell?: string | undefined;
}

export type Invoke = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.record(z.string(), z.unknown()) }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), description: z.string() }),
  }),
]);

const Seed = z.object({
  aws: z.object({
    endpoint: z.string(),
    region: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
  }),
});

/**
 * Invokes the admin function, or another one that answers operators, with the operator's own AWS
 * credentials. Throws RefusedError.
 */
export async function connect(
  connection: Connection,
  defaultFunction = DEFAULT_FUNCTION,
): Promise<Invoke> {
  const client = await createClient(connection);
  const name = connection.function ?? defaultFunction;
  return async (operation, input) => {
    const payload = await invoke(client, name, JSON.stringify({ operation, input }));
    const answer = Answer.safeParse(payload);
    if (!answer.success) throw new RefusedError(`${name} gave no answer that this CLI knows`);
    if (answer.data.ok) return answer.data.result;
    const { code, description } = answer.data.error;
    throw new RefusedError(`${code}: ${description}`);
  };
}

async function createClient(connection: Connection): Promise<LambdaClient> {
  const { local, cell } = connection;
  if (local !== undefined) return createLocalClient(local, cell);
  const region = connection.region ?? (cell === undefined ? undefined : await findRegion(cell));
  return new LambdaClient({
    ...(region === undefined ? {} : { region }),
    ...(connection.profile === undefined ? {} : { profile: connection.profile }),
  });
}

async function createLocalClient(given: string, cell: string | undefined): Promise<LambdaClient> {
  const url = given === '' ? DEFAULT_LOCAL_CLOUD : given;
  if (!URL.canParse(url)) throw new UsageError(`--local ${url}: is not a URL`);
  const seed = Seed.safeParse(await fetchFrom(url, 'seed'));
  if (!seed.success) throw new RefusedError(`${url} is not a local cloud`);
  const { endpoint, accessKeyId, secretAccessKey } = seed.data.aws;
  const region = cell === undefined ? seed.data.aws.region : await findLocalRegion(url, cell);
  return new LambdaClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
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

async function invoke(client: LambdaClient, name: string, payload: string): Promise<unknown> {
  try {
    const output = await client.send(new InvokeCommand({ FunctionName: name, Payload: payload }));
    if (output.FunctionError !== undefined) {
      throw new RefusedError(`${name} failed (${output.FunctionError}); its log knows why`);
    }
    return JSON.parse(Buffer.from(output.Payload ?? []).toString('utf8'));
  } catch (error) {
    if (error instanceof RefusedError || !(error instanceof Error)) throw error;
    if (error.message === 'Region is missing') {
      throw new RefusedError(
        'no AWS region: give --region or set AWS_REGION; for the local cloud add --local',
      );
    }
    throw new RefusedError(`${name} could not be invoked: ${error.name}: ${error.message}`);
  }
}
