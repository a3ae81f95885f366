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

/** Invokes the admin function with the operator's own AWS credentials. Throws RefusedError. */
export async function connect(connection: Connection): Promise<Invoke> {
  const client = await createClient(connection);
  const name = connection.function ?? DEFAULT_FUNCTION;
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
  if (connection.local !== undefined) return createLocalClient(connection.local);
  return new LambdaClient({
    ...(connection.region === undefined ? {} : { region: connection.region }),
    ...(connection.profile === undefined ? {} : { profile: connection.profile }),
  });
}

async function createLocalClient(given: string): Promise<LambdaClient> {
  const url = given === '' ? DEFAULT_LOCAL_CLOUD : given;
  if (!URL.canParse(url)) throw new UsageError(`--local ${url}: is not a URL`);
  const seed = Seed.safeParse(await fetchSeed(url));
  if (!seed.success) throw new RefusedError(`${url} is not a local cloud`);
  const { endpoint, region, accessKeyId, secretAccessKey } = seed.data.aws;
  return new LambdaClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
}

async function fetchSeed(url: string): Promise<unknown> {
  try {
    const response = await fetch(new URL('/_local/api/seed', url));
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
