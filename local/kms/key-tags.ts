/** TagResource and ListResourceTags. */
import { z } from 'zod';
import { AwsError } from '../types.ts';
import { keyId, parse } from './input.ts';
import { requireNotPending } from './key-states.ts';
import type { Key, KeyStore } from './keys.ts';

const TAG_LIMIT = 50;

export const tags = z.array(
  z.object({ TagKey: z.string().min(1).max(128), TagValue: z.string().max(256) }),
);

const tagInput = z.object({ KeyId: keyId, Tags: tags });
const listInput = z.object({ KeyId: keyId });

export async function tagResource(keys: KeyStore, input: unknown): Promise<object> {
  const { KeyId, Tags } = parse(tagInput, input);
  const key = requireNotPending(keys.require(KeyId));
  await keys.change(key, { tags: { ...key.tags, ...readTags(Tags, key.tags) } });
  return {};
}

/** Never truncated: a key has 50 tags at most. */
export function listResourceTags(keys: KeyStore, input: unknown): object {
  const key = keys.require(parse(listInput, input).KeyId);
  return {
    Tags: Object.entries(key.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    Truncated: false,
  };
}

/** Throws TagException or LimitExceededException. */
export function readTags(list: z.infer<typeof tags>, known: Key['tags'] = {}): Key['tags'] {
  const names = list.map(({ TagKey }) => TagKey);
  if (new Set(names).size < names.length) throw new AwsError('TagException', 'Duplicate tag keys');
  if (names.some((name) => name.toLowerCase().startsWith('aws:'))) {
    throw new AwsError(
      'TagException',
      'aws: prefixed tag key names are not allowed for external use.',
    );
  }
  if (new Set([...names, ...Object.keys(known)]).size > TAG_LIMIT) {
    throw new AwsError('LimitExceededException', 'Too many tags');
  }
  return Object.fromEntries(list.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}
