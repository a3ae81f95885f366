/** Keys that no template declares: made by functions at run time, and kept by us alone. */
import type { KeyObject } from 'node:crypto';
import type { DeclaredKey } from './declared-keys.ts';
import type { MadeKey, StoredKeys } from './key-file.ts';
import { generateKey, importKey, type KeySpec } from './key-material.ts';
import { type Key, USAGE_OF } from './keys.ts';

export function fromMade(made: MadeKey, arn: string): DeclaredKey {
  const { policy: _, ...key } = made;
  return {
    ...key,
    arn,
    usage: USAGE_OF[made.spec],
    multiRegion: made.multiRegion,
    deletesAtMs: made.deletesAtMs,
    pendingWindowDays: made.pendingWindowDays,
  };
}

export function toMade(key: Key, policy: MadeKey['policy']): MadeKey {
  const { keyId, region, spec, multiRegion, description, createdAtMs, state, tags } = key;
  const { deletesAtMs, pendingWindowDays } = key;
  return {
    keyId,
    region,
    spec,
    multiRegion,
    description,
    createdAtMs,
    state,
    deletesAtMs,
    pendingWindowDays,
    tags,
    policy,
  };
}

/** By key id: what was kept, and new material for keys that templates declare for the first time. */
export async function openMaterial(
  declared: ReadonlyArray<DeclaredKey>,
  stored: StoredKeys,
): Promise<Map<string, KeyObject>> {
  const specs = new Map<string, KeySpec>();
  for (const { keyId, spec } of [...stored.made, ...(stored.seed ?? []), ...declared]) {
    specs.set(keyId, spec);
  }
  const opened = await Promise.all(
    [...specs].map(async ([keyId, spec]) => {
      const known = stored.material[keyId];
      const isKept = known?.spec === spec;
      return [keyId, isKept ? importKey(spec, known.material) : await generateKey(spec)] as const;
    }),
  );
  return new Map(opened);
}
