import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { KEY_TAGS, type KeyPurpose } from '../../functions/adapters/kms/key-tags.ts';
import { areSeveral, otherCells, type Topology } from '../config.ts';
import { regionOf } from '../topology-environment.ts';
import { fromTheFirstMoment, tagged, taggedKeys } from './key-access.ts';
import type { Abroad } from './residency-guard.ts';

/** KMS makes it itself unless it is there; it keeps replicas in step with their key. */
const SERVICE_LINKED_ROLE =
  'role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys';

/** What of each purpose is made at run time, as statements name it. */
const MADE: Readonly<Record<KeyPurpose, string>> = {
  signing: 'SigningKeys',
  keyring: 'KeyringReplicas',
  evidence: 'EvidenceReplicas',
};

/** In every region that has the key or a replica of it. */
const ENDING = ['kms:DisableKey', 'kms:ScheduleKeyDeletion'];

/** What a maker of keys does in other regions, or in none. None of it reads or opens anything. */
export const MAKING_ABROAD: Abroad = {
  actions: ['kms:CreateKey', 'kms:TagResource', 'iam:CreateServiceLinkedRole'],
};

/** As `MAKING_ABROAD`, for whoever ends the use of keys too. */
export const ROTATING_ABROAD: Abroad = {
  actions: [...(MAKING_ABROAD.actions ?? []), 'kms:DescribeKey', ...ENDING],
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
  const made = areSeveral(topology) ? purposes : (['signing'] as const);
  return [
    createSigningKeys(scope),
    createServiceLinkedRole(scope),
    allow(
      'ReadSigningKeys',
      ['kms:GetPublicKey'],
      [taggedKeys(scope)],
      fromTheFirstMoment('signing'),
    ),
    ...findMadeKeys(scope),
    ...made.map((purpose) => tagNewKeys(scope, topology, purpose)),
    ...(areSeveral(topology) ? replicateKeys(scope, topology, purposes) : []),
  ];
}

/**
 * Follows signing keys to their end: their use and, in 30 days, their existence, in every region. What
 * ends a key asks for the tag itself: nobody's key is to be deleted for lack of one.
 */
export function endSigningKeys(
  scope: Construct,
  topology: Topology,
): ReadonlyArray<PolicyStatement> {
  const keys = everywhere(scope, topology);
  return [
    allow('FollowSigningKeys', ['kms:DescribeKey'], keys, fromTheFirstMoment('signing')),
    allow('EndSigningKeys', ENDING, keys, {
      StringEquals: { ...tagged('signing'), 'kms:KeyUsage': 'SIGN_VERIFY' },
      Bool: { 'kms:MultiRegion': 'true' },
    }),
  ];
}

/**
 * AWS knows no condition for tags at creation alone, and writes down none that such a request is sure
 * to have. So what is there must fit: a key that exists must be one of several regions, for this use,
 * and of no other purpose.
 */
function tagNewKeys(scope: Construct, topology: Topology, purpose: KeyPurpose): PolicyStatement {
  const sid = `Tag${MADE[purpose]}`;
  const { StringEquals, Bool, StringEqualsIfExists } = fromTheFirstMoment(purpose);
  // All but signing keys have their own tag from the template.
  const keys = purpose === 'signing' ? everywhere(scope, topology) : elsewhere(scope, topology);
  return allow(sid, ['kms:TagResource'], keys, {
    StringEquals: requestTagged(purpose),
    'ForAllValues:StringEquals': {
      'aws:TagKeys': purpose === 'signing' ? Object.values(KEY_TAGS) : [KEY_TAGS.purpose],
    },
    StringEqualsIfExists: { ...StringEquals, ...StringEqualsIfExists },
    BoolIfExists: { ...Bool },
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
      ...requestTagged('signing'),
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

/**
 * Finds a key again whose maker was cut off before it could write down what it had made. Tags are all
 * that it reads, of any key that could be it: a refusal must not look like somebody else's key.
 */
function findMadeKeys(scope: Construct): ReadonlyArray<PolicyStatement> {
  acknowledgeAnyResource(scope);
  return [
    allow('ListKeys', ['kms:ListKeys'], ['*'], {
      StringEquals: { 'aws:RequestedRegion': Stack.of(scope).region },
    }),
    allow('ReadTags', ['kms:ListResourceTags'], [taggedKeys(scope)], {
      Bool: { 'kms:MultiRegion': 'true' },
    }),
  ];
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
    ...purposes.map((purpose) =>
      allow(
        `Replicate${MADE[purpose].replace('Replicas', '')}`,
        ['kms:ReplicateKey'],
        [taggedKeys(scope)],
        fromTheFirstMoment(purpose, { 'kms:ReplicaRegion': regions }),
      ),
    ),
    allow('CreateReplicas', ['kms:CreateKey'], ['*'], {
      StringEquals: { 'aws:RequestedRegion': regions },
    }),
  ];
}

function everywhere(scope: Construct, topology: Topology): ReadonlyArray<string> {
  return [taggedKeys(scope), ...elsewhere(scope, topology)];
}

function elsewhere(scope: Construct, topology: Topology): ReadonlyArray<string> {
  const others = otherCells(topology, topology.primary).map(regionOf);
  return others.map((region) => taggedKeys(scope, region));
}

function requestTagged(purpose: KeyPurpose): Record<string, unknown> {
  return { [`aws:RequestTag/${KEY_TAGS.purpose}`]: purpose };
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
