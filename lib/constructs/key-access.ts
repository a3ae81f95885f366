import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** ARNs of the keys that sign tokens and wrap the keyring, in the stack's own region. */
export interface ServiceKeyArns {
  readonly rs256: string;
  readonly es256: string;
  readonly keyring: string;
}

/** Bound into the wrapped keyring: its ciphertext opens for this purpose only. */
const KEYRING_CONTEXT = { 'kms:EncryptionContext:domicile:purpose': 'keyring' };

export function openKeyring(keys: ServiceKeyArns | undefined): ReadonlyArray<PolicyStatement> {
  return keys === undefined ? [] : [keyringStatement('OpenKeyring', 'kms:Decrypt', keys)];
}

export function wrapKeyring(keys: ServiceKeyArns): PolicyStatement {
  return keyringStatement('WrapKeyring', 'kms:Encrypt', keys);
}

/** One algorithm per key, digests only: KMS is never sent what the token says. */
export function signTokens(keys: ServiceKeyArns | undefined): ReadonlyArray<PolicyStatement> {
  if (keys === undefined) return [];
  return [
    signStatement('SignRs256', keys.rs256, 'RSASSA_PKCS1_V1_5_SHA_256'),
    signStatement('SignEs256', keys.es256, 'ECDSA_SHA_256'),
  ];
}

export function readPublicKeys(keys: ServiceKeyArns): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadPublicKeys',
    effect: Effect.ALLOW,
    actions: ['kms:GetPublicKey'],
    resources: [keys.rs256, keys.es256],
  });
}

function keyringStatement(sid: string, action: string, keys: ServiceKeyArns): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: [action],
    resources: [keys.keyring],
    conditions: { StringEquals: KEYRING_CONTEXT },
  });
}

function signStatement(sid: string, keyArn: string, signingAlgorithm: string): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: ['kms:Sign'],
    resources: [keyArn],
    conditions: {
      StringEquals: { 'kms:SigningAlgorithm': signingAlgorithm, 'kms:MessageType': 'DIGEST' },
    },
  });
}
