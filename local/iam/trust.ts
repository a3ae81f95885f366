import type { Deployment } from '../template/deployment.ts';
import { ACCOUNT_ID } from '../template/physical-ids.ts';
import { AwsError } from '../types.ts';
import { covers } from './principals.ts';
import { applies, parseDocument } from './statements.ts';

/**
 * A service only runs something under a role that trusts it. Throws AwsError as `CreateFunction`
 * and its kin do, and PolicyError for a malformed trust policy. `sourceArn` is on whose behalf the
 * service asks, where it says so.
 */
export function requireTrust(
  deployment: Deployment,
  roleArn: string,
  service: string,
  sourceArn?: string,
): void {
  const role = deployment
    .byType('AWS::IAM::Role')
    .find(({ attributes }) => attributes['Arn'] === roleArn);
  if (role === undefined) {
    throw new AwsError('InvalidParameterValueException', `The role ${roleArn} does not exist.`);
  }
  const known: Readonly<Record<string, ReadonlyArray<string>>> =
    sourceArn === undefined
      ? {}
      : { 'aws:sourcearn': [sourceArn], 'aws:sourceaccount': [ACCOUNT_ID] };
  const context = (key: string) => known[key.toLowerCase()] ?? [];
  const statements = parseDocument(
    role.properties['AssumeRolePolicyDocument'],
    'trust',
    (index) => `${role.stack}/${role.logicalId}/AssumeRolePolicyDocument#${index}`,
  ).filter(
    (statement) =>
      statement.principal !== undefined &&
      covers(statement.principal, { kind: 'service', service }) !== undefined &&
      applies(statement, { action: 'sts:AssumeRole', resource: roleArn, context }),
  );
  const isTrusted =
    statements.some(({ effect }) => effect === 'Allow') &&
    statements.every(({ effect }) => effect === 'Allow');
  if (isTrusted) return;
  throw new AwsError(
    'InvalidParameterValueException',
    service === 'lambda.amazonaws.com'
      ? 'The role defined for the function cannot be assumed by Lambda.'
      : `The role ${roleArn} cannot be assumed by ${service}.`,
  );
}
