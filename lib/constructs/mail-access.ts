import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { wildcardFinding } from './nag-names.ts';

/**
 * Mail in the operator's name only. Which identity SES checks (the address, its domain or a parent
 * domain) is the operator's choice, so the sender is what confines this.
 */
export function sendMail(scope: Construct, fromAddress: string): PolicyStatement {
  Validations.of(scope).acknowledge({
    id: wildcardFinding(scope, { service: 'ses', resource: 'identity/*' }),
    reason: 'Confined by ses:FromAddress; the identity may be the address, its domain or a parent',
  });
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
