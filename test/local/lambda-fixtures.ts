import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../local/clock.ts';
import { createCredentialRegistry } from '../../local/gateway/credentials.ts';
import type { LambdaFunction } from '../../local/lambda/function.ts';
import { createFunctionLogs } from '../../local/lambda/function-logs.ts';
import { createFunctionPool, type PoolOptions } from '../../local/lambda/function-pool.ts';

interface FixtureOptions extends Pick<PoolOptions, 'skipsPauses' | 'threads'> {
  /** What the source is; an ES module unless said otherwise. */
  readonly ending?: 'mjs' | 'cjs';
}

/** A function whose module is the given source, and what surrounds it. */
export function createFixture(
  source: string,
  changes: Partial<LambdaFunction> = {},
  { ending = 'mjs', ...options }: FixtureOptions = {},
) {
  const assetDirectory = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(assetDirectory, `index.${ending}`), source);
  const clock = createClock();
  const credentials = createCredentialRegistry();
  const logs = createFunctionLogs(clock.nowMs);
  const definition: LambdaFunction = {
    name: 'fixture',
    arn: 'arn:aws:lambda:eu-central-1:111122223333:function:fixture',
    region: 'eu-central-1',
    roleArn: 'arn:aws:iam::111122223333:role/fixture',
    handler: 'index.handler',
    assetDirectory,
    environment: { GREETING: 'hello' },
    timeoutSeconds: 5,
    memoryMb: 128,
    logGroupName: '/aws/lambda/fixture',
    logGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/fixture',
    ...changes,
  };
  const pool = createFunctionPool(definition, {
    credentials,
    clockOffset: clock.offset,
    logs,
    endpointUrl: 'http://127.0.0.1:1',
    isAllowed: () => true,
    ...options,
  });
  const invoke = async (event: unknown = null) => {
    const { payload, functionError } = await pool.invoke(JSON.stringify(event));
    const value: unknown = JSON.parse(payload);
    return { value, functionError };
  };
  return { pool, clock, credentials, logs, invoke };
}
