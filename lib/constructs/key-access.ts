import { Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { KEY_TAGS, type KeyPurpose } from '../../functions/adapters/kms/key-tags.ts';
import type { Cell } from '../config.ts';
import { wildcardFinding } from './nag-names.ts';

/** Bound into the wrapped shared keyring: its ciphertext opens for this purpose only. */
const SHARED_CONTEXT = { 'kms:EncryptionContext:domicile:purpose': 'keyring' };

/** The keyring that all cells share. Its key, or the replica of this region, is known by its tag. */
export function openSharedKeyring(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'OpenSharedKeyring',
    effect: Effect.ALLOW,
    actions: ['kms:Decrypt'],
    resources: [taggedKeys(scope)],
    // KMS gives this context to nothing else, so that no other key could open anything with it.
    conditions: fromTheFirstMoment('keyring', SHARED_CONTEXT),
  });
}

export function wrapSharedKeyring(keyArn: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'WrapSharedKeyring',
    effect: Effect.ALLOW,
    actions: ['kms:Encrypt'],
    resources: [keyArn],
    conditions: { StringEquals: SHARED_CONTEXT },
  });
}

/** The keyring that this cell alone can open: its key exists in one region, and IAM names it. */
export function openCellKeyring(keyArn: string, cell: Cell): PolicyStatement {
  return cellKeyring('OpenCellKeyring', 'kms:Decrypt', keyArn, cell);
}

export function wrapCellKeyring(keyArn: string, cell: Cell): PolicyStatement {
  return cellKeyring('WrapCellKeyring', 'kms:Encrypt', keyArn, cell);
}

/**
 * One statement per algorithm, digests only: KMS is never sent what the token says. The keys are
 * made at run time, so that IAM knows them by what they are and by their tag.
 */
export function signTokens(scope: Construct): ReadonlyArray<PolicyStatement> {
  return [
    signStatement(scope, 'SignRs256', 'RSASSA_PKCS1_V1_5_SHA_256'),
    signStatement(scope, 'SignEs256', 'ECDSA_SHA_256'),
  ];
}

/** Every key of a region; the condition of the statement has to say which. */
export function taggedKeys(scope: Construct, region?: string): string {
  Validations.of(scope).acknowledge({
    id: wildcardFinding(scope, {
      service: 'kms',
      ...(region !== undefined && { region }),
      resource: 'key/*',
    }),
    reason: 'Confined by the tag of the key: keys made at run time have no ARN in a template',
  });
  return Stack.of(scope).formatArn({
    service: 'kms',
    ...(region !== undefined && { region }),
    resource: 'key',
    resourceName: '*',
  });
}

/** What each purpose needs a key to be; KMS fixes it for good when it makes the key. */
const USAGES: Readonly<Record<KeyPurpose, string>> = {
  signing: 'SIGN_VERIFY',
  keyring: 'ENCRYPT_DECRYPT',
  evidence: 'SIGN_VERIFY',
};

/**
 * Condition for keys that may be minutes old. A tag may take five minutes to count for IAM (AWS KMS
 * Developer Guide, "ABAC for AWS KMS"), what a key is counts at once. A key with another purpose is
 * refused; one without any is not.
 */
export function fromTheFirstMoment(
  purpose: KeyPurpose,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, Record<string, unknown>> {
  return {
    StringEquals: { 'kms:KeyUsage': USAGES[purpose], ...more },
    Bool: { 'kms:MultiRegion': 'true' },
    StringEqualsIfExists: tagged(purpose),
  };
}

/** Condition that the key carries the tag of its purpose. */
export function tagged(purpose: KeyPurpose): Record<string, unknown> {
  return { [`aws:ResourceTag/${KEY_TAGS.purpose}`]: purpose };
}

function cellKeyring(sid: string, action: string, keyArn: string, cell: Cell): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [action],
    resources: [keyArn],
    conditions: {
      StringEquals: {
        'kms:EncryptionContext:domicile:purpose': 'cell-keyring',
        'kms:EncryptionContext:domicile:cell': cell.name,
      },
    },
  });
}

function signStatement(scope: Construct, sid: string, signingAlgorithm: string): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: ['kms:Sign'],
    resources: [taggedKeys(scope)],
    conditions: fromTheFirstMoment('signing', {
      'kms:SigningAlgorithm': signingAlgorithm,
      'kms:MessageType': 'DIGEST',
    }),
  });
}
