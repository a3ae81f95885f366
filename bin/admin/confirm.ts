import { createInterface } from 'node:readline/promises';
import type { Values } from './metadata.ts';
import { RefusedError, UsageError } from './usage-error.ts';

interface Confirmation {
  /** As it was typed, for whoever has no terminal to answer in. */
  readonly command: string;
  readonly question: string;
  /** What has to be typed. */
  readonly word: string;
  readonly refusal: string;
}

/** Asks before what cannot be undone, unless `--yes` was given. Throws UsageError, RefusedError. */
export async function confirm(values: Values, asked: Confirmation): Promise<void> {
  if (values['yes'] === true) return;
  if (!process.stdin.isTTY) {
    throw new UsageError(`${asked.command} needs --yes without a terminal`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(asked.question);
  terminal.close();
  if (answer.trim() !== asked.word) throw new RefusedError(asked.refusal);
}
