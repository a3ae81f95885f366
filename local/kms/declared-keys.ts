/** Keys and aliases as the templates declare them. */
import type { DeployedResource } from '../types.ts';
import { KEY_SPECS, type KeySpec } from './key-material.ts';
import { type Key, USAGE_OF } from './keys.ts';

/** A key of a template, before it has its material. */
export type DeclaredKey = Omit<Key, 'material'>;

/** Throws Error for a key that is not emulated, and for a replica without its primary. */
export function readDeclaredKeys(
  resources: ReadonlyArray<DeployedResource>,
  account: string,
  nowMs: number,
): ReadonlyArray<DeclaredKey> {
  const primaries = resources
    .filter(({ type }) => type === 'AWS::KMS::Key')
    .map((resource) => toKey(resource, account, nowMs));
  const replicas = resources
    .filter(({ type }) => type === 'AWS::KMS::ReplicaKey')
    .map((resource) => toReplica(resource, primaries, account, nowMs));
  return [...primaries, ...replicas];
}

/** Alias ARN → key ARN. Throws Error for an alias of a key that its region does not have. */
export function readDeclaredAliases(
  resources: ReadonlyArray<DeployedResource>,
  keys: ReadonlyArray<DeclaredKey>,
  account: string,
): ReadonlyMap<string, string> {
  const aliases = resources.filter(({ type }) => type === 'AWS::KMS::Alias');
  return new Map(
    aliases.map(({ properties, region }) => {
      const name = String(properties['AliasName']);
      const wanted = String(properties['TargetKeyId']);
      const target = keys.find(
        (key) => key.region === region && [key.keyId, key.arn].includes(wanted),
      );
      if (!target) throw new Error(`${name} points to a key that this region does not have`);
      return [`arn:aws:kms:${region}:${account}:${name}`, target.arn];
    }),
  );
}

function toKey(resource: DeployedResource, account: string, nowMs: number): DeclaredKey {
  const { properties, logicalId } = resource;
  const spec = keySpecOf(resource);
  const usage = properties['KeyUsage'] ?? USAGE_OF.SYMMETRIC_DEFAULT;
  if (usage !== USAGE_OF[spec]) {
    throw new Error(`${logicalId}: KeyUsage ${usage} with KeySpec ${spec} is not emulated`);
  }
  const multiRegion = isTrue(properties['MultiRegion']) ? 'PRIMARY' : undefined;
  return { ...commonOf(resource, account, nowMs), spec, usage: USAGE_OF[spec], multiRegion };
}

function toReplica(
  resource: DeployedResource,
  primaries: ReadonlyArray<DeclaredKey>,
  account: string,
  nowMs: number,
): DeclaredKey {
  const wanted = resource.properties['PrimaryKeyArn'];
  const primary = primaries.find(({ arn }) => arn === wanted);
  if (primary?.multiRegion === undefined) {
    throw new Error(`${resource.logicalId}: ${wanted} is no multi-Region primary key`);
  }
  const { spec, usage } = primary;
  return { ...commonOf(resource, account, nowMs), spec, usage, multiRegion: 'REPLICA' };
}

function commonOf(
  { region, physicalId, attributes, properties }: DeployedResource,
  account: string,
  nowMs: number,
) {
  const isDisabled = properties['Enabled'] === false || properties['Enabled'] === 'false';
  return {
    keyId: physicalId,
    arn: attributes['Arn'] ?? `arn:aws:kms:${region}:${account}:key/${physicalId}`,
    region,
    description: typeof properties['Description'] === 'string' ? properties['Description'] : '',
    createdAtMs: nowMs,
    state: isDisabled ? ('Disabled' as const) : ('Enabled' as const),
    deletesAtMs: undefined,
    pendingWindowDays: undefined,
    tags: tagsOf(properties['Tags']),
  };
}

/** `KeySpec` of an `AWS::KMS::Key`; throws for one that is not emulated. */
function keySpecOf(resource: DeployedResource): KeySpec {
  const wanted = resource.properties['KeySpec'] ?? 'SYMMETRIC_DEFAULT';
  const spec = KEY_SPECS.find((one) => one === wanted);
  if (spec) return spec;
  throw new Error(`${resource.logicalId}: KeySpec ${wanted} is not emulated locally`);
}

/** CloudFormation's `[{ Key, Value }]`. */
function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  const list: ReadonlyArray<unknown> = Array.isArray(tags) ? tags : [];
  return Object.fromEntries(
    list.map((tag) => [String(Object(tag).Key), String(Object(tag).Value ?? '')]),
  );
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
