import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The app itself failed; the message holds what it printed. */
export class SynthesisError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SynthesisError';
  }
}

/** An assembly to be made: where, and of which CDK context. */
export interface AssemblyPlan {
  readonly directory: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface Synthesis {
  /** The first assembly is there. Throws SynthesisError when it cannot be made. */
  readonly first: Promise<void>;
  /** The process is over, well or not: whoever asks for what it has not made learns why then. */
  readonly over: Promise<void>;
}

type Program = ChildProcessByStdio<null, Readable, Readable>;

const BUNDLE_APP = new URL('./bundle-app.ts', import.meta.url);
const SYNTHESIS_APP = new URL('./synthesis-app.ts', import.meta.url);

/** What is made is kept and asked for by the sources alone, whatever account a shell is about. */
const SAME_EVERYWHERE = { ...process.env };
for (const name of ['CDK_DEFAULT_REGION', 'CDK_DEFAULT_ACCOUNT']) delete SAME_EVERYWHERE[name];

/** Bundles every surface into the directory. */
export async function bundle(root: string, directory: string): Promise<void> {
  await outcomeOf(startProgram(root, BUNDLE_APP, [directory]));
}

/**
 * Makes assemblies one after the other, in a process of its own, so that the library's memory is
 * given back.
 */
export function startSynthesis(root: string, plans: ReadonlyArray<AssemblyPlan>): Synthesis {
  const words = plans.flatMap(({ directory, context }) => [directory, JSON.stringify(context)]);
  const program = startProgram(root, SYNTHESIS_APP, words);
  const outcome = outcomeOf(program);
  const line = once(createInterface({ input: program.stdout }), 'line').then(() => undefined);
  return { first: Promise.race([outcome, line]), over: outcome.catch(() => undefined) };
}

function startProgram(root: string, entry: URL, words: ReadonlyArray<string>): Program {
  return spawn(process.execPath, [fileURLToPath(entry), ...words], {
    cwd: root,
    env: SAME_EVERYWHERE,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcomeOf(program: Program): Promise<void> {
  // Nobody would take what it still makes.
  const kill = () => program.kill();
  process.once('exit', kill);
  let printed = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  program.stdout.resume();
  try {
    const [code]: Array<unknown> = await once(program, 'close');
    if (code === 0) return;
    throw new SynthesisError(`the CDK app cannot be synthesized:\n${printed.trim()}`);
  } finally {
    process.off('exit', kill);
  }
}
