import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { type Connection, explainMissingRegion, settingsOf } from './connection.ts';
import { RefusedError } from './usage-error.ts';

const DEFAULT_FUNCTION = 'domicile-admin';

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

/**
 * Invokes the admin function, or another one that answers operators, with the operator's own AWS
 * credentials. Throws RefusedError.
 */
export async function connect(
  connection: Connection,
  defaultFunction = DEFAULT_FUNCTION,
): Promise<Invoke> {
  const client = new LambdaClient(await settingsOf(connection));
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

async function invoke(client: LambdaClient, name: string, payload: string): Promise<unknown> {
  try {
    const output = await client.send(new InvokeCommand({ FunctionName: name, Payload: payload }));
    if (output.FunctionError !== undefined) {
      throw new RefusedError(`${name} failed (${output.FunctionError}); its log knows why`);
    }
    return JSON.parse(Buffer.from(output.Payload ?? []).toString('utf8'));
  } catch (error) {
    if (error instanceof RefusedError || !(error instanceof Error)) throw error;
    const explained = explainMissingRegion(error);
    if (explained !== undefined) throw explained;
    throw new RefusedError(`${name} could not be invoked: ${error.name}: ${error.message}`);
  }
}
