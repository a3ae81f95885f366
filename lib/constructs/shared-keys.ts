import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Key, type KeyProps, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { KEY_TAGS, type KeyPurpose } from '../../functions/adapters/kms/key-tags.ts';

/** Wraps the keyring that all cells share. */
export function createKeyringKey(scope: Construct): Key {
  return createSharedKey(scope, 'KeyringKey', 'keyring', {
    description: 'Domicile wraps its keyring',
    enableKeyRotation: true,
  });
}

/**
 * Signs certificates, receipts and the audit trail. It is never rotated, because what it signed has to
 * be verifiable for as long as the deployment stands, and it can sign nothing else.
 */
export function createEvidenceKey(scope: Construct): Key {
  return createSharedKey(scope, 'EvidenceKey', 'evidence', {
    description: 'Domicile signs evidence',
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
  });
}

/** Its replicas are made at run time, so that IAM knows key and replicas by the same tag. */
function createSharedKey(scope: Construct, id: string, purpose: KeyPurpose, props: KeyProps): Key {
  const key = new Key(scope, id, {
    ...props,
    multiRegion: true,
    pendingWindow: Duration.days(30),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(key).add(KEY_TAGS.purpose, purpose);
  return key;
}
