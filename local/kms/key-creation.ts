/** CreateKey and ReplicateKey. */
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type Principal } from '../types.ts';
import { keyId, parse } from './input.ts';
import { describe } from './key-descriptions.ts';
import { KEY_SPECS, type KeySpec } from './key-material.ts';
import { readKeyPolicy } from './key-policy.ts';
import { readTags, tags } from './key-tags.ts';
import { type KeyStore, USAGE_OF } from './keys.ts';

const common = {
  Policy: z.string().min(1).max(32_768).optional(),
  BypassPolicyLockoutSafetyCheck: z.boolean().default(false),
  Description: z.string().max(8192).default(''),
  Tags: tags.default([]),
};

const createInput = z.object({
  ...common,
  KeySpec: z.string().optional(),
  /** The older name of the same. */
  CustomerMasterKeySpec: z.string().optional(),
  KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
  MultiRegion: z.boolean().default(false),
  Origin: z.literal('AWS_KMS').default('AWS_KMS'),
});

const replicateInput = z.object({
  ...common,
  KeyId: keyId,
  ReplicaRegion: z.string().min(1).max(32),
});

/** What of a CreateKey request its permissions hang on, defaults filled in. */
export function readNewKeySpec(input: Readonly<Record<string, unknown>>) {
  const { KeySpec: spec, CustomerMasterKeySpec, KeyUsage, MultiRegion } = input;
  return {
    spec: String(spec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'),
    usage: String(KeyUsage ?? 'ENCRYPT_DECRYPT'),
    isMultiRegion: MultiRegion === true,
  };
}

export async function createKey(keys: KeyStore, input: unknown, maker: Principal): Promise<object> {
  const request = parse(createInput, input);
  const { spec: wanted, usage } = readNewKeySpec(request);
  const spec = requireEmulated(wanted, usage);
  const policy = readKeyPolicy(request.Policy, {
    maker,
    mayLockOut: request.BypassPolicyLockoutSafetyCheck,
  });
  const key = await keys.add({
    keyId: request.MultiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID(),
    spec,
    multiRegion: request.MultiRegion ? 'PRIMARY' : undefined,
    description: request.Description,
    tags: readTags(request.Tags),
    policy,
    material: await keys.makeMaterial(spec),
  });
  return { KeyMetadata: describe(keys, key) };
}

/** Asked of the primary key in its own region. The answer says `Creating`, as AWS's does at first. */
export async function replicateKey(
  keys: KeyStore,
  input: unknown,
  maker: Principal,
): Promise<object> {
  const request = parse(replicateInput, input);
  const primary = keys.load(request.KeyId);
  if (primary.multiRegion !== 'PRIMARY') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${primary.arn} is not a multi-region primary key.`,
    );
  }
  const { ReplicaRegion } = request;
  const taken = keys.family(primary).find(({ region }) => region === ReplicaRegion);
  if (taken !== undefined)
    throw new AwsError('AlreadyExistsException', `${taken.arn} already exists.`);
  const { BypassPolicyLockoutSafetyCheck: mayLockOut } = request;
  const policy = readKeyPolicy(request.Policy, { maker, mayLockOut });
  const { spec, keyId: id, material } = primary;
  const replica = await keys.add(
    {
      keyId: id,
      spec,
      multiRegion: 'REPLICA',
      description: request.Description,
      tags: readTags(request.Tags),
      policy,
      material,
    },
    ReplicaRegion,
  );
  return {
    ReplicaKeyMetadata: { ...describe(keys, replica), Enabled: false, KeyState: 'Creating' },
    ReplicaTags: request.Tags,
    ...(request.Policy !== undefined && { ReplicaPolicy: request.Policy }),
  };
}

function requireEmulated(wanted: string, usage: string): KeySpec {
  const spec = KEY_SPECS.find((one) => one === wanted);
  if (spec === undefined || USAGE_OF[spec] !== usage) {
    throw new AwsError(
      'UnsupportedOperationException',
      `KeyUsage ${usage} with KeySpec ${wanted} is not emulated locally`,
    );
  }
  return spec;
}
