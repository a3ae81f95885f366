import { AwsError } from '../types.ts';
import type { LambdaFunction } from './function.ts';

/** How many executions an account may have at once in one region, and who has them. */
export interface Concurrency {
  /** What is reserved for a function is nobody else's. Throws AwsError when too little is left. */
  reserve(definition: LambdaFunction): void;
  /**
   * Takes one execution; the answer gives it back. Throws AwsError `TooManyRequestsException` with
   * AWS's own reason.
   */
  admit(definition: LambdaFunction): () => void;
}

/** What a region of an AWS account has unless it asks for more. */
export const DEFAULT_CONCURRENCY = 1_000;

/** `limit` is per region. */
export function createConcurrency(limit: number = DEFAULT_CONCURRENCY): Concurrency {
  const reserved = new Map<string, number>();
  const active = new Map<string, number>();
  const sumOf = (counts: ReadonlyMap<string, number>, region: string) =>
    [...counts].reduce((sum, [arn, count]) => sum + (isIn(arn, region) ? count : 0), 0);

  return {
    reserve({ arn, region, name, reservedConcurrency }) {
      if (reservedConcurrency === undefined) return;
      reserved.set(arn, reservedConcurrency);
      if (sumOf(reserved, region) < limit) return;
      throw new AwsError(
        'InvalidParameterValueException',
        `Specified ReservedConcurrentExecutions for function ${name} leaves nothing of the account's ${limit} to the others.`,
      );
    },
    admit({ arn, region, reservedConcurrency }) {
      const isOwn = reservedConcurrency !== undefined;
      const shared = [...active].filter(([one]) => !reserved.has(one));
      const used = isOwn ? (active.get(arn) ?? 0) : sumOf(new Map(shared), region);
      const allowed = reservedConcurrency ?? limit - sumOf(reserved, region);
      if (used >= allowed) throw tooMany(isOwn);
      active.set(arn, (active.get(arn) ?? 0) + 1);
      return () => {
        active.set(arn, (active.get(arn) ?? 0) - 1);
      };
    },
  };
}

function isIn(functionArn: string, region: string): boolean {
  return functionArn.split(':')[3] === region;
}

function tooMany(isReserved: boolean): AwsError {
  const Reason = isReserved
    ? 'ReservedFunctionConcurrentInvocationLimitExceeded'
    : 'ConcurrentInvocationLimitExceeded';
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason });
}
