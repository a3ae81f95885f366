import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

interface NamedResource {
  readonly service: string;
  /** By default the stack's own. */
  readonly region?: string;
  readonly resource: string;
}

/** The id of cdk-nag's finding about a resource with a wildcard, as it spells the ARN. */
export function wildcardFinding(
  scope: Construct,
  { service, region, resource }: NamedResource,
): string {
  const stack = Stack.of(scope);
  const arn = [
    'arn',
    nagName(stack.partition, 'Partition'),
    service,
    nagName(region ?? stack.region, 'Region'),
    nagName(stack.account, 'AccountId'),
    resource,
  ];
  return `AwsSolutions::AwsSolutions-IAM5[Resource::${arn.join(':')}]`;
}

/** How cdk-nag spells a value that is known at deployment only. */
export function nagName(value: string, pseudoParameter: string): string {
  return Token.isUnresolved(value) ? `<AWS::${pseudoParameter}>` : value;
}
