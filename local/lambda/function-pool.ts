import { AwsError } from '../types.ts';
import { type Concurrency, createConcurrency } from './concurrency.ts';
import {
  type EnvironmentOptions,
  type ExecutionEnvironment,
  startExecutionEnvironment,
} from './execution-environment.ts';
import type { InvocationResult, LambdaFunction } from './function.ts';

/** All warm containers of one function. */
export interface FunctionPool {
  readonly definition: LambdaFunction;
  /**
   * `parentRequestId` is the invocation that asked for this one. Throws AwsError
   * `TooManyRequestsException` beyond what is reserved for the function, or beyond what the account
   * has for all others, `ServiceUnavailableException` while the region is down.
   */
  invoke(payload: string, requestId?: string, parentRequestId?: string): Promise<InvocationResult>;
  /** Has one container ready, as a first request would leave it. */
  warm(): Promise<void>;
  /** Ends every container: the next event starts cold. */
  recycle(): Promise<void>;
}

/** This machine's limit, not AWS's: events beyond it wait for a container. */
const MAX_ENVIRONMENTS = 8;

export interface PoolOptions extends EnvironmentOptions {
  /** Nothing runs in a region that is down. */
  readonly isDown?: (region: string) => boolean;
  /** What all functions of the account share. */
  readonly concurrency?: Concurrency;
}

interface Waiting {
  readonly payload: string;
  readonly requestId: string | undefined;
  readonly parentRequestId: string | undefined;
  resolve(result: InvocationResult): void;
}

export function createFunctionPool(definition: LambdaFunction, options: PoolOptions): FunctionPool {
  const environments = new Set<ExecutionEnvironment>();
  const idle: Array<ExecutionEnvironment> = [];
  const queue: Array<Waiting> = [];
  const isDown = () => options.isDown?.(definition.region) ?? false;
  const { concurrency = createConcurrency() } = options;
  concurrency.reserve(definition);
  let starting = 0;

  const start = async () => {
    starting += 1;
    const environment = startExecutionEnvironment(definition, options);
    environments.add(environment);
    void environment.ended.then(() => {
      environments.delete(environment);
      const index = idle.indexOf(environment);
      if (index >= 0) idle.splice(index, 1);
      serve();
    });
    try {
      await environment.ready;
      // Behind those that have run: whoever is served by one of them finds it warm.
      if (environment.isUsable()) idle.unshift(environment);
    } catch (error) {
      failNext(error);
      await environment.end();
    } finally {
      starting -= 1;
      serve();
    }
  };

  /** A container that cannot start fails one event, as Lambda's init errors do. */
  const failNext = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    const { name, region } = definition;
    options.logs.add({ function: name, region, requestId: undefined, stream: 'platform', message });
    const payload = JSON.stringify({ errorType: 'Runtime.InitError', errorMessage: message });
    queue.shift()?.resolve({ payload, functionError: 'Unhandled' });
  };

  const serve = () => {
    while (queue.length > 0 && idle.length > 0) {
      // The most recently used container first, so that the others can be seen to be idle.
      const environment = idle.pop();
      // One whose end was decided is idle until it is over.
      if (environment?.isUsable() !== true) continue;
      const event = queue.shift();
      if (event === undefined) return;
      const { payload, requestId, parentRequestId } = event;
      void environment.run(payload, requestId, parentRequestId).then((result) => {
        event.resolve(result);
        if (environment.isUsable()) idle.push(environment);
        serve();
      });
    }
    while (queue.length > starting && environments.size < MAX_ENVIRONMENTS) void start();
  };

  return {
    definition,
    async invoke(payload, requestId, parentRequestId) {
      if (isDown()) throw new AwsError('ServiceUnavailableException', 'Service unavailable.', 503);
      const release = concurrency.admit(definition);
      try {
        return await new Promise((resolve) => {
          queue.push({ payload, requestId, parentRequestId, resolve });
          serve();
        });
      } finally {
        release();
      }
    },
    async warm() {
      if (environments.size === 0 && !isDown()) await start();
    },
    async recycle() {
      await Promise.all([...environments].map((environment) => environment.end()));
    },
  };
}
