import { describe, expect, it } from 'vitest';
import { LAMBDA_PROTOCOL } from '../../local/gateway/protocol.ts';
import { createConcurrency } from '../../local/lambda/concurrency.ts';
import type { LambdaFunction } from '../../local/lambda/function.ts';
import { AwsError } from '../../local/types.ts';

function functionOf(
  name: string,
  { region = 'eu-central-1', reserved }: { region?: string; reserved?: number } = {},
): LambdaFunction {
  return {
    name,
    arn: `arn:aws:lambda:${region}:111122223333:function:${name}`,
    region,
    roleArn: 'arn:aws:iam::111122223333:role/any',
    handler: 'index.handler',
    assetDirectory: '/nowhere',
    environment: {},
    timeoutSeconds: 3,
    memoryMb: 128,
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    logGroupName: '/aws/lambda/any',
    logGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/any',
  };
}

const ACCOUNT = expect.objectContaining({
  code: 'TooManyRequestsException',
  status: 429,
  extra: { Reason: 'ConcurrentInvocationLimitExceeded' },
});
const RESERVED = expect.objectContaining({
  extra: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
});

describe('concurrent executions', () => {
  it('are as many as the account has, over all functions, and free again when they end', () => {
    const { admit } = createConcurrency(2);
    const release = admit(functionOf('a'));
    admit(functionOf('b'));
    expect(() => admit(functionOf('c'))).toThrow(ACCOUNT);
    release();
    expect(() => admit(functionOf('c'))).not.toThrow();
  });

  it('are counted region by region', () => {
    const { admit } = createConcurrency(1);
    admit(functionOf('a'));
    expect(() => admit(functionOf('a', { region: 'us-east-1' }))).not.toThrow();
    expect(() => admit(functionOf('a'))).toThrow(ACCOUNT);
  });

  it('of a function with a reserve are as many as it has, whatever the others do', () => {
    const { admit, reserve } = createConcurrency(3);
    const own = functionOf('own', { reserved: 1 });
    reserve(own);
    admit(functionOf('a'));
    admit(functionOf('a'));
    expect(() => admit(functionOf('a'))).toThrow(ACCOUNT);
    admit(own);
    expect(() => admit(own)).toThrow(RESERVED);
  });

  it('of a function with nothing reserved for it are none', () => {
    const { admit, reserve } = createConcurrency();
    const none = functionOf('none', { reserved: 0 });
    reserve(none);
    expect(() => admit(none)).toThrow(RESERVED);
  });

  it('cannot all be reserved: something is left for the others', () => {
    const { reserve } = createConcurrency(10);
    reserve(functionOf('a', { reserved: 6 }));
    expect(() => reserve(functionOf('b', { reserved: 4 }))).toThrow('for function b');
    expect(() => reserve(functionOf('b', { region: 'us-east-1', reserved: 4 }))).not.toThrow();
  });

  it('beyond the limit are refused with the reason in the answer', () => {
    const error = new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: 'r' });
    const { status, body } = LAMBDA_PROTOCOL.renderError(error, 'request');
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: 429,
      body: { Type: 'User', Message: 'Rate Exceeded.', Reason: 'r' },
    });
  });
});
