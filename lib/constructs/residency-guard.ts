import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { areSeveral, type Topology } from '../config.ts';
import { DIRECTORY_TABLE, tableArn } from '../names.ts';
import { regionOf } from '../topology-environment.ts';

/** What a function may do outside its own region; nothing else, whatever another statement allows. */
export interface Abroad {
  /** ARNs. */
  readonly resources?: ReadonlyArray<string>;
  /** For what AWS knows no ARN of: making keys. */
  readonly actions?: ReadonlyArray<string>;
}

/**
 * Keeps a function in its region (ADR 0018): a Deny that no grant, added today or by mistake later,
 * gets past. With one cell there is nowhere else to go.
 */
export function residencyGuard(
  scope: Construct,
  topology: Topology,
  { resources = [], actions = [] }: Abroad = {},
): ReadonlyArray<PolicyStatement> {
  if (!areSeveral(topology)) return [];
  const isClaiming = resources.includes(primaryDirectory(scope, topology));
  const stayHome = new PolicyStatement({
    sid: 'StayInRegion',
    effect: Effect.DENY,
    ...(actions.length === 0 ? { actions: ['*'] } : { notActions: [...actions] }),
    ...(resources.length === 0 ? { resources: ['*'] } : { notResources: [...resources] }),
    conditions: {
      StringNotEquals: { 'aws:RequestedRegion': Stack.of(scope).region },
      ...(isClaiming && {
        StringNotEqualsIfExists: { 'kms:ViaService': openingTable(topology) },
      }),
    },
  });
  return isClaiming ? [stayHome, ...claimsOnly(scope, topology)] : [stayHome];
}

/** The directory where new identifiers are claimed. */
export function primaryDirectory(scope: Construct, { primary }: Topology): string {
  return tableArn(scope, DIRECTORY_TABLE, regionOf(primary));
}

/** DynamoDB opens the directory on the caller's behalf, whom it asks KMS for. */
function openingTable({ primary }: Topology): string {
  return `dynamodb.${regionOf(primary)}.amazonaws.com`;
}

/**
 * Of the primary's directory, who has which identifier and where they live; and by name: a request
 * without a key, such as a Scan, has nothing that the first of the two could find wrong.
 */
function claimsOnly(scope: Construct, topology: Topology): ReadonlyArray<PolicyStatement> {
  const deny = (sid: string, condition: Readonly<Record<string, object>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      actions: ['dynamodb:*'],
      resources: [primaryDirectory(scope, topology)],
      conditions: {
        StringNotEquals: { 'aws:RequestedRegion': Stack.of(scope).region },
        ...condition,
      },
    });
  return [
    deny('OnlyClaimsAbroad', {
      'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['IDENTIFIER#*', 'SUB#*'] },
    }),
    deny('OnlyByKeyAbroad', { Null: { 'dynamodb:LeadingKeys': 'true' } }),
  ];
}
