import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../local/iam/authorizer.ts';
import { createLambdaService, SOURCE_HEADER } from '../../local/lambda/lambda-service.ts';
import { deploy } from '../../local/template/deployment.ts';
import type { AwsRequest, Principal } from '../../local/types.ts';
import { createFixture } from './lambda-fixtures.ts';
import { REGION } from './service-endpoint.ts';
import { stackOf } from './template-fixtures.ts';

const ACCOUNT = '111122223333';
const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/hourly`;
const EVENTS: Principal = { roleArn: 'events.amazonaws.com', name: 'hourly', region: REGION };
const ROLE: Principal = { roleArn: `arn:aws:iam::${ACCOUNT}:role/other`, name: 'other' };

const iam = createAuthorizer(
  deploy([
    stackOf({
      Resources: {
        Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fixture' } },
        Permission: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
            Principal: 'events.amazonaws.com',
            SourceArn: RULE,
          },
        },
      },
    }),
  ]),
);

const { pool, logs } = createFixture(`export const handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(JSON.stringify({ event }));
};`);
const lambda = createLambdaService(() => pool);

function invocation(principal: Principal, source?: string): AwsRequest {
  return {
    service: 'lambda',
    region: REGION,
    operation: 'Invoke',
    principal,
    headers: source === undefined ? {} : { [SOURCE_HEADER]: source },
    input: { FunctionName: 'fixture', InvocationType: 'Event', Payload: '{"a":1}' },
  };
}

describe('a rule with a function as its target', () => {
  it.each<[string, Principal, string | undefined, boolean]>([
    ['the rule that the permission names', EVENTS, RULE, true],
    ['another rule', EVENTS, `${RULE}-other`, false],
    ['no rule', EVENTS, undefined, false],
    ['a role that says it was the rule', ROLE, RULE, false],
  ])('may invoke it for %s', (_, principal, source, isAllowed) => {
    const decisions = lambda
      .authorizations(invocation(principal, source))
      .map((query) => iam.authorize({ ...query, principal, region: REGION }).allowed);
    expect(decisions).toEqual([isAllowed]);
  });

  it('does not wait for it; whoever moved the clock does', async () => {
    const { status } = await lambda.handle(invocation(EVENTS, RULE));
    expect(status).toBe(202);
    expect(logs.list()).toEqual([]);
    await lambda.settled();
    await expect.poll(() => logs.list()[0]?.message).toEqual({ event: { a: 1 } });
  });
});
