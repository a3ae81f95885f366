/** ListKeys: a page of the keys of one region, whatever state they are in. */
import { z } from 'zod';
import { AwsError } from '../types.ts';
import { parse } from './input.ts';
import type { KeyStore } from './keys.ts';

const listInput = z.object({
  Limit: z.int().min(1).max(1000).default(100),
  Marker: z.string().optional(),
});

/** `Marker` is the id of the last key of the page before. */
export function listKeys(keys: KeyStore, input: unknown): object {
  const { Limit, Marker } = parse(listInput, input);
  const all = keys.list();
  const last = all.findIndex(({ keyId }) => keyId === Marker);
  if (Marker !== undefined && last === -1) {
    throw new AwsError('InvalidMarkerException', 'The marker is not one that a list returned.');
  }
  const page = all.slice(last + 1, last + 1 + Limit);
  const isTruncated = last + 1 + page.length < all.length;
  return {
    Keys: page.map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn })),
    Truncated: isTruncated,
    ...(isTruncated && { NextMarker: page.at(-1)?.keyId }),
  };
}
