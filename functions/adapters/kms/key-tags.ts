import type { Tag } from '@aws-sdk/client-kms';

/**
 * IAM knows by these tags what a key is for, since keys that are made at run time have no ARN in any
 * template. Replicas carry them too: KMS does not copy tags.
 */
export const KEY_TAGS = { purpose: 'domicile:purpose', generation: 'domicile:generation' } as const;

export type KeyPurpose = 'signing' | 'keyring' | 'evidence';

export function purposeTag(purpose: KeyPurpose): Tag {
  return { TagKey: KEY_TAGS.purpose, TagValue: purpose };
}

/** Finds a key again whose maker was cut off before it could write down what it had made. */
export function generationTag(generation: string): Tag {
  return { TagKey: KEY_TAGS.generation, TagValue: generation };
}
