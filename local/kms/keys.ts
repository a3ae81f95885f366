import type { KeyObject } from 'node:crypto';
import { AwsError, type DeployedResource } from '../types.ts';
import { type KeySpec, keySpecOf, openKeyMaterial } from './key-material.ts';

export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC';

export interface Key {
  readonly keyId: string;
  readonly arn: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly enabled: boolean;
  readonly multiRegion: boolean;
  readonly description: string;
  /** Private or secret key. */
  readonly material: KeyObject;
}

export interface KeyStore {
  /** By key id, key ARN, alias name or alias ARN. */
  find(reference: string): Key | undefined;
  /** Throws NotFoundException, or DisabledException for a key that may not be used. */
  load(reference: string): Key;
}

/** Keys and aliases of one region as the template declares them. */
export async function openKeys(options: {
  readonly region: string;
  readonly account: string;
  readonly resources: ReadonlyArray<DeployedResource>;
  readonly dataDirectory: string | undefined;
}): Promise<KeyStore> {
  const prefix = `arn:aws:kms:${options.region}:${options.account}:`;
  const declared = options.resources.filter(({ type }) => type === 'AWS::KMS::Key');
  const material = await openKeyMaterial(
    declared.map((resource) => ({ keyId: resource.physicalId, spec: keySpecOf(resource) })),
    options.dataDirectory,
  );
  const keys = declared.flatMap((resource) => {
    const own = material.get(resource.physicalId);
    return own ? [toKey(resource, prefix, own)] : [];
  });
  const byReference = new Map(keys.flatMap((key) => [[key.keyId, key] as const, [key.arn, key]]));
  for (const alias of options.resources.filter(({ type }) => type === 'AWS::KMS::Alias')) {
    const name = String(alias.properties['AliasName']);
    const target = byReference.get(String(alias.properties['TargetKeyId']));
    if (!target) throw new Error(`${name} points to a key that this region does not have`);
    byReference.set(name, target).set(prefix + name, target);
  }

  return {
    find: (reference) => byReference.get(reference),
    load(reference) {
      const key = byReference.get(reference);
      if (!key) throw new AwsError('NotFoundException', notFoundMessage(reference, prefix));
      if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
      return key;
    },
  };
}

function notFoundMessage(reference: string, prefix: string): string {
  if (reference.startsWith('arn:')) return `Invalid arn ${reference}`;
  if (reference.startsWith('alias/')) return `Alias ${prefix}${reference} is not found.`;
  return `Key '${prefix}key/${reference}' does not exist`;
}

const DEFAULT_USAGE: Readonly<Record<KeySpec, KeyUsage>> = {
  SYMMETRIC_DEFAULT: 'ENCRYPT_DECRYPT',
  RSA_2048: 'SIGN_VERIFY',
  ECC_NIST_P256: 'SIGN_VERIFY',
  HMAC_256: 'GENERATE_VERIFY_MAC',
};

function toKey(resource: DeployedResource, prefix: string, material: KeyObject): Key {
  const { physicalId, properties } = resource;
  const spec = keySpecOf(resource);
  const usage = properties['KeyUsage'] ?? DEFAULT_USAGE.SYMMETRIC_DEFAULT;
  if (usage !== DEFAULT_USAGE[spec]) {
    throw new Error(
      `${resource.logicalId}: KeyUsage ${usage} with KeySpec ${spec} is not emulated`,
    );
  }
  return {
    keyId: physicalId,
    arn: resource.attributes['Arn'] ?? `${prefix}key/${physicalId}`,
    spec,
    usage: DEFAULT_USAGE[spec],
    enabled: properties['Enabled'] !== false && properties['Enabled'] !== 'false',
    multiRegion: properties['MultiRegion'] === true || properties['MultiRegion'] === 'true',
    description: typeof properties['Description'] === 'string' ? properties['Description'] : '',
    material,
  };
}
