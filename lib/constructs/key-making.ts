import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { KEY_TAGS, type KeyPurpose } from '../../functions/adapters/kms/key-tags.ts';
import { areSeveral, otherCells, type Topology } from '../config.ts';
import { regionOf } from '../topology-environment.ts';
import { tagged, taggedKeys } from './key-access.ts';
import type { Abroad } from './residency-guard.ts';

/** KMS makes it itself unless it is there; it keeps replicas in step with their key. */
const SERVICE_LINKED_ROLE =
  'role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys';

/** In every region that has the key or a replica of it. */
const FOLLOWING = ['kms:DescribeKey', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'];

/** What a maker of keys does in other regions, or in none. None of it reads or opens anything. */
export const MAKING_ABROAD: Abroad = {
  actions: ['kms:CreateKey', 'kms:TagResource', 'iam:CreateServiceLinkedRole'],
};

/** As `MAKING_ABROAD`, for whoever ends the use of keys too. */
export const ROTATING_ABROAD: Abroad = {
  actions: [...(MAKING_ABROAD.actions ?? []), ...FOLLOWING],
};

/**
 * Makes signing keys at run time, because KMS rotates no asymmetric key and no template can name a
 * key of another region, and replicates keys of the given purposes to the other cells.
 */
export function makeKeys(
  scope: Construct,
  topology: Topology,
  purposes: ReadonlyArray<KeyPurpose>,
): ReadonlyArray<PolicyStatement> {
  return [
    createSigningKeys(scope),
    createServiceLinkedRole(scope),
    allow('ReadSigningKeys', ['kms:GetPublicKey', 'kms:ListResourceTags'], [taggedKeys(scope)], {
      StringEquals: tagged('signing'),
    }),
    listKeys(scope),
    allow('TagNewKeys', ['kms:TagResource'], everywhere(scope, topology), {
      // The keyring's key has its tag from the template; its replicas get theirs here.
      StringEquals: requestTagged(areSeveral(topology) ? purposes : ['signing']),
    }),
    ...(areSeveral(topology) ? replicateKeys(scope, topology, purposes) : []),
  ];
}

/** Follows signing keys to their end: their use and, in 30 days, their existence, in every region. */
export function endSigningKeys(scope: Construct, topology: Topology): PolicyStatement {
  return allow('EndSigningKeys', FOLLOWING, everywhere(scope, topology), {
    StringEquals: tagged('signing'),
  });
}

/** IAM knows no ARN of a key before it exists: the conditions say what may come into being. */
function createSigningKeys(scope: Construct): PolicyStatement {
  acknowledgeAnyResource(scope);
  return allow('CreateSigningKeys', ['kms:CreateKey'], ['*'], {
    StringEquals: {
      'aws:RequestedRegion': Stack.of(scope).region,
      'kms:KeySpec': ['RSA_2048', 'ECC_NIST_P256'],
      'kms:KeyUsage': 'SIGN_VERIFY',
      ...requestTagged(['signing']),
    },
    Bool: { 'kms:MultiRegion': 'true' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(KEY_TAGS) },
  });
}

/** AWS KMS Developer Guide, "Create multi-Region primary keys": the permission is required. */
function createServiceLinkedRole(scope: Construct): PolicyStatement {
  const arn = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: SERVICE_LINKED_ROLE,
  });
  return allow('CreateServiceLinkedRole', ['iam:CreateServiceLinkedRole'], [arn], {
    StringEquals: { 'iam:AWSServiceName': 'mrk.kms.amazonaws.com' },
  });
}

/** Finds a key again whose maker was cut off before it could write down what it had made. */
function listKeys(scope: Construct): PolicyStatement {
  acknowledgeAnyResource(scope);
  return allow('ListKeys', ['kms:ListKeys'], ['*'], {
    StringEquals: { 'aws:RequestedRegion': Stack.of(scope).region },
  });
}

/**
 * KMS asks for `kms:ReplicateKey` on the key in its own region, and for `kms:CreateKey` in the
 * replica's. For the latter it documents no condition but the region that is sure to be there.
 */
function replicateKeys(
  scope: Construct,
  topology: Topology,
  purposes: ReadonlyArray<KeyPurpose>,
): ReadonlyArray<PolicyStatement> {
  const regions = otherCells(topology, topology.primary).map(regionOf);
  return [
    allow('ReplicateKeys', ['kms:ReplicateKey'], [taggedKeys(scope)], {
      StringEquals: { ...tagged(...purposes), 'kms:ReplicaRegion': regions },
    }),
    allow('CreateReplicas', ['kms:CreateKey'], ['*'], {
      StringEquals: { 'aws:RequestedRegion': regions },
    }),
  ];
}

function everywhere(scope: Construct, topology: Topology): ReadonlyArray<string> {
  const others = otherCells(topology, topology.primary).map(regionOf);
  return [taggedKeys(scope), ...others.map((region) => taggedKeys(scope, region))];
}

function requestTagged(purposes: ReadonlyArray<KeyPurpose>): Record<string, unknown> {
  return { [`aws:RequestTag/${KEY_TAGS.purpose}`]: purposes.length === 1 ? purposes[0] : purposes };
}

function acknowledgeAnyResource(scope: Construct): void {
  Validations.of(scope).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'Confined by region, kind and tag: IAM knows no ARN of a key that does not exist yet',
  });
}

function allow(
  sid: string,
  actions: ReadonlyArray<string>,
  resources: ReadonlyArray<string>,
  conditions: Record<string, Record<string, unknown>>,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    conditions,
  });
}
