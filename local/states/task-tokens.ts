import { randomBytes } from 'node:crypto';
import { AwsError } from '../types.ts';
import type { AlarmClock } from './alarm-clock.ts';
import type { TokenWait } from './run.ts';
import { Halted, StatesError } from './states-error.ts';

/** Tokens that tasks handed out and wait for. */
export interface TaskTokens {
  create(machineArn: string): string;
  await(token: string, heartbeatSeconds: number | undefined, signal: AbortSignal): TokenWait;
  /**
   * Each throws AwsError `TaskTimedOut` for a token that nobody waits for any more, `InvalidToken`
   * for what is none.
   */
  succeed(token: string, output: unknown): void;
  fail(token: string, error: string, cause: string | undefined): void;
  heartbeat(token: string): void;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  beat(): void;
}

const TOKEN_BYTES = 48;
const TOKEN = /^[\w-]{64}\.[\w-]+$/;

export function createTaskTokens(alarms: AlarmClock): TaskTokens {
  const waiting = new Map<string, Waiting>();
  const require = (token: string): Waiting => {
    const found = waiting.get(token);
    if (found !== undefined) return found;
    if (!TOKEN.test(token)) throw new AwsError('InvalidToken', 'Invalid Token');
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  };
  /** Answers once: whoever comes second learns that the task is no more. */
  const take = (token: string): Waiting => {
    const found = require(token);
    waiting.delete(token);
    return found;
  };
  return {
    create: (machineArn) =>
      [randomBytes(TOKEN_BYTES), Buffer.from(machineArn)]
        .map((part) => part.toString('base64url'))
        .join('.'),
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

/** Whose task it is, for IAM; undefined for what is no token. As on AWS, the token itself says so. */
export function machineOfToken(token: string): string | undefined {
  const [, machine] = token.split('.');
  return machine === undefined ? undefined : Buffer.from(machine, 'base64url').toString();
}
