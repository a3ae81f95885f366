import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Mail in the operator's name only. Which identity SES checks (the address, its domain or a parent
 * domain) is the operator's choice, so the sender is what confines this.
 */
export function sendMail(scope: Construct, fromAddress: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'SendMail',
    effect: Effect.ALLOW,
    actions: ['ses:SendEmail'],
    resources: [
      Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' }),
    ],
    conditions: { StringEquals: { 'ses:FromAddress': fromAddress } },
  });
}
