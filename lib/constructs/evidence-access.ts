import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DIRECTORY_TABLE } from '../names.ts';
import { itemAccess } from './item-access.ts';
import { tagged, taggedKeys } from './key-access.ts';

const PARTITION = 'EVIDENCE-KEY';

/**
 * Signs evidence: digests only, by the one key that says it is for evidence, or its replica here. The
 * tag is asked for, although it may count minutes late for IAM: no other key is to sign for lack of it.
 */
export function signEvidence(scope: Construct): ReadonlyArray<PolicyStatement> {
  return [
    readEvidenceKey(scope),
    new PolicyStatement({
      sid: 'SignEvidence',
      effect: Effect.ALLOW,
      actions: ['kms:Sign'],
      resources: [taggedKeys(scope)],
      conditions: {
        StringEquals: {
          ...tagged('evidence'),
          'kms:KeyUsage': 'SIGN_VERIFY',
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
        Bool: { 'kms:MultiRegion': 'true' },
      },
    }),
  ];
}

/** Which key that is, and what it is checked with. */
export function readEvidenceKey(scope: Construct): PolicyStatement {
  return itemAccess(scope, {
    sid: 'ReadEvidenceKey',
    table: DIRECTORY_TABLE,
    keys: PARTITION,
    actions: ['GetItem'],
  });
}

/** For provisioning, which writes down once what evidence is checked with. */
export function recordEvidenceKey(
  scope: Construct,
  keyArn: string,
): ReadonlyArray<PolicyStatement> {
  return [
    itemAccess(scope, {
      sid: 'RecordEvidenceKey',
      table: DIRECTORY_TABLE,
      keys: PARTITION,
      actions: ['GetItem', 'PutItem'],
    }),
    new PolicyStatement({
      sid: 'ReadEvidencePublicKey',
      effect: Effect.ALLOW,
      actions: ['kms:GetPublicKey'],
      resources: [keyArn],
    }),
  ];
}
