import type { Deployment } from '../template/deployment.ts';
import type { Authorizer } from '../types.ts';
import { PolicyError } from './policy-error.ts';
import { OPERATOR_ROLE_ARN } from './principals.ts';

/**
 * Refuses, as `kms:CreateKey` and `kms:PutKeyPolicy` do, a key policy that whoever sets it could
 * not change afterwards (KMS Developer Guide, "key policy lockout safety check"). Throws PolicyError.
 */
export function requireManageableKeys(deployment: Deployment, authorizer: Authorizer): void {
  const keys = [
    ...deployment.byType('AWS::KMS::Key'),
    ...deployment.byType('AWS::KMS::ReplicaKey'),
  ];
  for (const { stack, logicalId, region, attributes, properties } of keys) {
    if (String(properties['BypassPolicyLockoutSafetyCheck']) === 'true') continue;
    const { allowed } = authorizer.authorize({
      principal: { roleArn: OPERATOR_ROLE_ARN, name: 'operator' },
      region,
      action: 'kms:PutKeyPolicy',
      resource: attributes['Arn'] ?? '',
      context: {},
    });
    if (allowed) continue;
    throw new PolicyError(
      `${stack}/${logicalId}`,
      'The new key policy will not allow you to update the key policy in the future.',
    );
  }
}
