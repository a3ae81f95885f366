import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  paginateListStateMachines,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import { toEpochSeconds } from '../../functions/core/time.ts';
import { parseTime } from './audit-times.ts';
import { type Connection, explainMissingRegion, settingsOf } from './connection.ts';
import type { Values } from './metadata.ts';
import { RefusedError, UsageError } from './usage-error.ts';

const MACHINE = 'domicile-erasure-replay';
const POLL_MS = 2000;
/** Looked at from the end: the latest answer of the function is among them. */
const EVENTS_LOOKED_AT = 20;

const Position = z.object({
  month: z.string(),
  entries: z.number(),
  items: z.number(),
  keys: z.number(),
});

type Position = z.infer<typeof Position>;

const Answer = z.object({ position: Position });

/** `erasure replay`: starts the workflow, tells how far it is, and ends with it. */
export async function replayErasures(values: Values & Connection): Promise<string> {
  const input = toInput(values);
  const client = new SFNClient(await settingsOf(values));
  try {
    const executionArn = await start(client, input);
    const replayed = await follow(client, executionArn);
    if (values['json'] === true) return JSON.stringify(replayed, undefined, 2);
    return `Done. ${describe(replayed)}`;
  } catch (error) {
    if (error instanceof RefusedError || !(error instanceof Error)) throw error;
    throw (
      explainMissingRegion(error) ??
      new RefusedError(`${MACHINE} could not be followed: ${error.name}: ${error.message}`)
    );
  } finally {
    client.destroy();
  }
}

/** Names are judged here, where a typing mistake is told; IAM confines the workflow anyway. */
function toInput(values: Values): Readonly<Record<string, string>> {
  const { since } = values;
  const now = toEpochSeconds(Date.now());
  return {
    ...copyOf(values, 'table', 'data'),
    ...copyOf(values, 'keys-table', 'keys'),
    ...(since !== undefined && {
      since: new Date(parseTime('since', String(since), now) * 1000).toISOString(),
    }),
  };
}

function copyOf(
  values: Values,
  option: 'table' | 'keys-table',
  kind: 'data' | 'keys',
): Readonly<Record<string, string>> {
  const name = values[option];
  if (name === undefined) return {};
  if (!new RegExp(`^domicile-${kind}-[a-z0-9]+-restored[\\w.-]*$`).test(String(name))) {
    throw new UsageError(`--${option} ${name}: must begin with domicile-${kind}-CELL-restored`);
  }
  return { [option === 'table' ? 'table' : 'keysTable']: String(name) };
}

async function start(client: SFNClient, input: object): Promise<string> {
  const started = await client.send(
    new StartExecutionCommand({
      stateMachineArn: await findMachine(client),
      name: randomUUID(),
      input: JSON.stringify(input),
    }),
  );
  return started.executionArn ?? '';
}

async function findMachine(client: SFNClient): Promise<string> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    const found = stateMachines.find(({ name }) => name === MACHINE);
    if (found?.stateMachineArn !== undefined) return found.stateMachineArn;
  }
  throw new RefusedError(`there is no workflow ${MACHINE} in this region: --cell or --region`);
}

async function follow(client: SFNClient, executionArn: string): Promise<Position> {
  let told = '';
  for (;;) {
    const { status, output = '{}' } = await client.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    if (status === 'SUCCEEDED') return Position.parse(JSON.parse(output));
    if (status !== 'RUNNING') {
      throw new RefusedError(
        `the replay has ended as ${status}: ${executionArn}. Redrive it: "erasure-replay-failed" in docs/runbook.md says how`,
      );
    }
    const position = await findPosition(client, executionArn);
    const progress = position === undefined ? 'Started.' : describe(position);
    // To the terminal, and not among what a script reads.
    if (progress !== told) console.error(progress);
    told = progress;
    await delay(POLL_MS);
  }
}

async function findPosition(
  client: SFNClient,
  executionArn: string,
): Promise<Position | undefined> {
  const { events = [] } = await client.send(
    new GetExecutionHistoryCommand({
      ...{ executionArn, reverseOrder: true, maxResults: EVENTS_LOOKED_AT },
    }),
  );
  for (const { lambdaFunctionSucceededEventDetails: succeeded } of events) {
    if (succeeded?.output === undefined) continue;
    const answer = Answer.safeParse(JSON.parse(succeeded.output));
    if (answer.success) return answer.data.position;
  }
  return undefined;
}

function describe({ entries, items, keys, month }: Position): string {
  return `${entries} erasures replayed up to ${month}: ${items} items and ${keys} keys erased again.`;
}
