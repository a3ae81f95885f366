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
/** Most replays are over in a moment; those that take hours are not asked after every time. */
const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 2000;
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
export async function replayErasures(
  values: Values & Connection,
  tell: (progress: string) => void,
): Promise<string> {
  const input = toInput(values);
  const client = new SFNClient(await settingsOf(values));
  try {
    const executionArn = await start(client, input);
    const replayed = await follow(client, executionArn, tell);
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
  if (values['directory-table'] !== undefined) requireAlone(values);
  return {
    ...copyOf(values, 'table'),
    ...copyOf(values, 'keys-table'),
    ...copyOf(values, 'directory-table'),
    ...(since !== undefined && {
      since: new Date(parseTime('since', String(since), now) * 1000).toISOString(),
    }),
  };
}

/** It is gone through by itself: nothing in it leads from a person to their address. */
function requireAlone({ table, 'keys-table': keysTable }: Values): void {
  if (table === undefined && keysTable === undefined) return;
  throw new UsageError(
    '--directory-table stands alone: replay the other copies by a run of their own',
  );
}

/** What copies are called, and where the workflow reads their names. */
const COPIES = {
  table: { input: 'table', prefix: 'domicile-data-CELL-restored' },
  'keys-table': { input: 'keysTable', prefix: 'domicile-keys-CELL-restored' },
  'directory-table': { input: 'directoryTable', prefix: 'domicile-directory-restored' },
} as const;

function copyOf(values: Values, option: keyof typeof COPIES): Readonly<Record<string, string>> {
  const name = values[option];
  if (name === undefined) return {};
  const { input, prefix } = COPIES[option];
  if (!new RegExp(`^${prefix.replace('CELL', '[a-z0-9]+')}[\\w.-]*$`).test(String(name))) {
    throw new UsageError(`--${option} ${name}: must begin with ${prefix}`);
  }
  return { [input]: String(name) };
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

async function follow(
  client: SFNClient,
  executionArn: string,
  tell: (progress: string) => void,
): Promise<Position> {
  let told = '';
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(2 * pollMs, LONGEST_POLL_MS)) {
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
    if (progress !== told) tell(progress);
    told = progress;
    await delay(pollMs);
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
