import { AwsError } from '../types.ts';
import type { Key, KeyUsage } from './keys.ts';

/** Throws InvalidKeyUsageException when a key was made for something else. */
export function requireUsage(key: Key, usage: KeyUsage, operation: string): void {
  if (key.usage === usage) return;
  throw new AwsError(
    'InvalidKeyUsageException',
    `${key.arn} key usage is ${key.usage} which is not valid for ${operation}.`,
  );
}
