import { parseArgs } from 'node:util';
import { performOnAudit } from './audit.ts';
import type { Command } from './commands.ts';
import { confirm } from './confirm.ts';
import { replayErasures } from './erasure.ts';
import { helpOf, overview, parseArgsOptions, SUBJECTS } from './help.ts';
import { connect, type Invoke } from './invoke.ts';
import { renderKeyAnswer } from './key-output.ts';
import { toMetadata, type Values } from './metadata.ts';
import { renderClient, renderClients } from './output.ts';
import { RefusedError, UsageError } from './usage-error.ts';

/** What a command prints, and how it ends. */
export interface Printed {
  readonly code: 0 | 1 | 2;
  /** To the standard output when it ends well, and to the standard error otherwise. */
  readonly text: string;
}

/** Is told how far a command is that takes its time. */
type Tell = (progress: string) => void;

/** `npm run admin -- SUBJECT COMMAND`, without a process of its own. */
export async function runAdmin(args: ReadonlyArray<string>, tell: Tell): Promise<Printed> {
  try {
    return { code: 0, text: await perform(args, tell) };
  } catch (error) {
    if (error instanceof RefusedError) return { code: 1, text: `admin: ${error.message}` };
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, text: `admin: ${error.message}\nTry --help.` };
  }
}

/** Answers what is printed. Throws RefusedError and UsageError. */
async function perform(args: ReadonlyArray<string>, tell: Tell): Promise<string> {
  const [subject, name, ...rest] = args;
  if (subject === undefined || subject === '--help' || subject === '-h') return overview();
  const commands = findCommands(subject);
  if (commands === undefined) {
    throw new UsageError(`there is no ${subject}: try ${Object.keys(SUBJECTS).join(' or ')}`);
  }
  if (name === undefined || name === '--help' || name === '-h') return overview();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command ${subject} ${name}`);
  const { values, argument } = readArguments(command, rest);
  if (values['help'] === true) return helpOf(`${subject} ${name}`, command);
  if (command.argument !== undefined && argument === undefined) {
    const article = command.argument === 'HOUR' ? 'an' : 'a';
    throw new UsageError(`${subject} ${name} needs ${article} ${command.argument}`);
  }
  if (subject === 'erasure') return replayErasures(values, tell);
  if (subject === 'audit') return performOnAudit(name, argument, values);
  return subject === 'keys' ? performOnKeys(name, values) : performOnClient(name, argument, values);
}

function findCommands(subject: string): Readonly<Record<string, Command>> | undefined {
  return Object.hasOwn(SUBJECTS, subject) ? SUBJECTS[subject] : undefined;
}

type Given = ReturnType<typeof readArguments>['values'];

async function performOnClient(
  name: string,
  clientId: string | undefined,
  values: Given,
): Promise<string> {
  // Everything about the command line is judged before anything is sent.
  const input = toInput(name, clientId, values);
  if (name === 'delete') {
    await confirm(values, {
      command: 'client delete',
      word: String(clientId),
      question: `Type ${clientId} to delete it for good: `,
      refusal: 'nothing was deleted',
    });
  }
  const invoke = await connect(values);
  const answer = name === 'list' ? await listAll(invoke) : await invoke(`client.${name}`, input);
  return render(name, answer, values['json'] === true);
}

async function performOnKeys(name: string, values: Given): Promise<string> {
  const emergency = values['emergency'] === true;
  if (emergency) {
    await confirm(values, {
      command: 'keys rotate --emergency',
      word: 'revoke',
      question:
        'Tokens signed until now will be refused; apps have to refresh theirs. Type revoke to go on: ',
      refusal: 'nothing was revoked',
    });
  }
  const input = {
    ...(emergency && { emergency }),
    ...(values['all'] === true && { all: true }),
  };
  const answer = await (await connect(values))(`keys.${name}`, input);
  if (values['json'] === true) return JSON.stringify(answer, undefined, 2);
  return renderKeyAnswer(name, answer);
}

function readArguments(command: Command, args: ReadonlyArray<string>) {
  try {
    const { values, positionals } = parseArgs({
      args: joinOptionalValues(args),
      options: parseArgsOptions(command),
      allowPositionals: command.argument !== undefined,
      allowNegative: true,
    });
    const [argument, ...others] = positionals;
    if (others.length > 0) throw new UsageError(`one ${command.argument} at a time`);
    return { values: values as Values & Parameters<typeof connect>[0], argument };
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(error.message);
  }
}

/** `--local` may stand alone; `parseArgs` knows no optional values. */
function joinOptionalValues(args: ReadonlyArray<string>): Array<string> {
  const joined: Array<string> = [];
  for (const arg of args) {
    if (joined.at(-1) === '--local=' && /^https?:/.test(arg))
      joined.splice(-1, 1, `--local=${arg}`);
    else joined.push(arg === '--local' ? '--local=' : arg);
  }
  return joined;
}

function toInput(name: string, clientId: string | undefined, values: Values) {
  const metadata = toMetadata(values);
  if (name === 'update' && Object.keys(metadata).length === 0) {
    throw new UsageError('client update needs something to change');
  }
  return {
    ...metadata,
    ...(clientId === undefined ? {} : { client_id: clientId }),
    ...readOverlap(values['overlap-seconds']),
  };
}

function readOverlap(given: Values[string]): { overlap_seconds?: number } {
  if (given === undefined) return {};
  if (!/^\d{1,9}$/.test(String(given))) {
    throw new UsageError(`--overlap-seconds ${given}: must be a whole number of seconds`);
  }
  return { overlap_seconds: Number(given) };
}

async function listAll(invoke: Invoke): Promise<Readonly<Record<string, unknown>>> {
  const clients: Array<unknown> = [];
  let cursor: unknown;
  do {
    const page = await invoke('client.list', cursor === undefined ? {} : { cursor });
    clients.push(...[page['clients'] ?? []].flat());
    cursor = page['cursor'];
  } while (cursor !== undefined);
  return { clients };
}

function render(name: string, answer: Readonly<Record<string, unknown>>, asJson: boolean): string {
  if (asJson) return JSON.stringify(name === 'list' ? answer['clients'] : answer, undefined, 2);
  if (name === 'list') return renderClients(answer['clients'] as Array<Record<string, unknown>>);
  return name === 'delete' ? `Deleted ${answer['client_id']}.` : renderClient(answer);
}
