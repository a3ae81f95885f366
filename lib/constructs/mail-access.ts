import { Stack, Token, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Mail in the operator's name only. Which identity SES checks (the address, its domain or a parent
 * domain) is the operator's choice, so the sender is what confines this.
 */
export function sendMail(scope: Construct, fromAddress: string): PolicyStatement {
  const stack = Stack.of(scope);
  const [partition, region, account] = [
    nagName(stack.partition, 'Partition'),
    nagName(stack.region, 'Region'),
    nagName(stack.account, 'AccountId'),
  ];
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:${partition}:ses:${region}:${account}:identity/*]`,
    reason: 'Confined by ses:FromAddress; the identity may be the address, its domain or a parent',
  });
  return new PolicyStatement({
    sid: 'SendMail',
    effect: Effect.ALLOW,
    actions: ['ses:SendEmail'],
    resources: [stack.formatArn({ service: 'ses', resource: 'identity', resourceName: '*' })],
    conditions: { StringEquals: { 'ses:FromAddress': fromAddress } },
  });
}

/** How cdk-nag spells a value that is known at deployment only. */
function nagName(value: string, pseudoParameter: string): string {
  return Token.isUnresolved(value) ? `<AWS::${pseudoParameter}>` : value;
}
