import { randomBytes } from 'node:crypto';
import { AwsError } from '../types.ts';
import type { AlarmClock } from './alarm-clock.ts';
import type { TokenWait } from './run.ts';
import { Halted, StatesError } from './states-error.ts';

/** Tokens that tasks handed out and wait for. */
export interface TaskTokens {
  create(): string;
  await(token: string, heartbeatSeconds: number | undefined, signal: AbortSignal): TokenWait;
  /** Each throws AwsError `TaskDoesNotExist` for a token that nobody waits for (any more). */
  succeed(token: string, output: unknown): void;
  fail(token: string, error: string, cause: string | undefined): void;
  heartbeat(token: string): void;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  beat(): void;
}

export function createTaskTokens(alarms: AlarmClock): TaskTokens {
  const waiting = new Map<string, Waiting>();
  const require = (token: string): Waiting => {
    const found = waiting.get(token);
    if (found !== undefined) return found;
    throw new AwsError('TaskDoesNotExist', 'Task does not exist');
  };
  /** Answers once: whoever comes second learns that the task is no more. */
  const take = (token: string): Waiting => {
    const found = require(token);
    waiting.delete(token);
    return found;
  };
  return {
    create: () => randomBytes(48).toString('base64url'),
    await(token, heartbeatSeconds, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      // Nobody listens yet while the function that gets the token still runs.
      promise.catch(() => undefined);
      let pulse = new AbortController();
      const beat = () => {
        pulse.abort();
        if (heartbeatSeconds === undefined) return;
        pulse = new AbortController();
        const until = alarms.until(alarms.nowMs() + heartbeatSeconds * 1000, pulse.signal);
        until.then(
          () => reject(new StatesError('States.HeartbeatTimeout')),
          () => undefined,
        );
      };
      const halt = () => reject(new Halted());
      if (signal.aborted) halt();
      signal.addEventListener('abort', halt);
      waiting.set(token, { resolve, reject, beat });
      beat();
      const forget = () => {
        pulse.abort();
        signal.removeEventListener('abort', halt);
        waiting.delete(token);
      };
      return { answer: promise, forget };
    },
    succeed: (token, output) => take(token).resolve(output),
    fail: (token, error, cause) => take(token).reject(new StatesError(error, cause)),
    heartbeat: (token) => require(token).beat(),
  };
}
