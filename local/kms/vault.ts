import type { KeyObject } from 'node:crypto';
import { AwsError, type Clock, type DeployedResource } from '../types.ts';
import { type DeclaredKey, readDeclaredAliases, readDeclaredKeys } from './declared-keys.ts';
import { type KeyFile, type MadeKey, openKeyFile, type StoredKeys } from './key-file.ts';
import { exportKey } from './key-material.ts';
import { requireEnabled, settleDeletions } from './key-states.ts';
import { type KeyStock, openKeyStock } from './key-stock.ts';
import { type Key, type KeyStore, type NewKey, USAGE_OF } from './keys.ts';
import { fromMade, openMaterial, toMade } from './made-keys.ts';

export interface VaultOptions {
  readonly account: string;
  /** `AWS::KMS::Key`, `AWS::KMS::ReplicaKey` and `AWS::KMS::Alias` of all regions. */
  readonly resources: ReadonlyArray<DeployedResource>;
  readonly clock: Clock;
  /** Where keys are kept over restarts, readable by their owner alone; in memory without it. */
  readonly dataDirectory?: string;
  /** How long after a key was made IAM sees its tags; on AWS up to five minutes. */
  readonly tagDelayMs?: number;
}

/** The KMS keys of the account, in all regions: related multi-Region keys share their material. */
export interface KeyVault {
  /** As KMS of that region sees it. */
  inRegion(region: string): KeyStore;
  /**
   * The policy of a key that no template declares, inside an object of its own because it may have
   * none but the default; undefined for any other ARN. For the IAM engine.
   */
  findMadeKey(keyArn: string): { readonly policy: MadeKey['policy'] } | undefined;
  /** Whatever `reset` is to return to: call it when the deployment stands. */
  rememberSeed(): Promise<void>;
  /** Back to what was remembered, or to the keys of the templates alone. */
  reset(): Promise<void>;
}

/** Throws Error for templates that declare what is not emulated. */
export async function openKeyVault(options: VaultOptions): Promise<KeyVault> {
  const file = openKeyFile(options.dataDirectory);
  const stored = await file.read();
  const declared = readDeclaredKeys(options.resources, options.account, options.clock.nowMs());
  const material = await openMaterial(declared, stored);
  const aliases = readDeclaredAliases(options.resources, declared, options.account);
  const vault = new Vault(options, { file, declared, aliases, material, stored });
  await vault.save();
  return vault;
}

interface VaultContent {
  readonly file: KeyFile;
  readonly declared: ReadonlyArray<DeclaredKey>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly material: Map<string, KeyObject>;
  readonly stored: StoredKeys;
}

class Vault implements KeyVault {
  readonly #options: VaultOptions;
  readonly #content: VaultContent;
  /** Of keys that no template declares, by ARN. */
  readonly #policies = new Map<string, { readonly policy: MadeKey['policy'] }>();
  #keys: ReadonlyArray<Key> = [];
  readonly #stock: KeyStock;
  #seed: ReadonlyArray<MadeKey> | undefined;
  /** Of the stock, when the seed was remembered. */
  #seedPosition = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: VaultOptions, content: VaultContent) {
    this.#options = options;
    this.#content = content;
    this.#seed = content.stored.seed;
    this.#stock = openKeyStock((key) =>
      [...content.material.values()].some((one) => one.equals(key)),
    );
    this.#load(content.stored.made);
  }

  inRegion(region: string): KeyStore {
    const { account, clock, tagDelayMs = 0 } = this.#options;
    const prefix = `arn:aws:kms:${region}:${account}:`;
    const find = (reference: string) => this.#find(reference, prefix);
    const require = (reference: string) => {
      const key = find(reference);
      if (key !== undefined) return key;
      throw new AwsError('NotFoundException', notFoundMessage(reference, prefix));
    };
    return {
      region,
      account,
      find,
      list: () => this.#current().filter((key) => key.region === region),
      require,
      load: (reference) => requireEnabled(require(reference)),
      aliasesOf: ({ arn }) => this.#aliasesOf(arn),
      family: (key) => this.#family(key),
      makeMaterial: (spec) => this.#stock.draw(spec),
      add: (key, where = region) => this.#add(key, where),
      change: async (key, change) => {
        const changed = { ...key, ...change };
        this.#keys = this.#keys.map((one) => (one.arn === key.arn ? changed : one));
        await this.save();
        return changed;
      },
      tagsForIam: (key) => (clock.nowMs() < key.createdAtMs + tagDelayMs ? {} : key.tags),
      nowMs: () => clock.nowMs(),
    };
  }

  findMadeKey(keyArn: string) {
    return this.#policies.get(keyArn);
  }

  async rememberSeed(): Promise<void> {
    this.#seed = this.#made();
    this.#seedPosition = this.#stock.position();
    await this.save();
  }

  async reset(): Promise<void> {
    this.#load(this.#seed ?? []);
    this.#forgetOthers();
    await this.save();
  }

  /** What was made since can be made anew. */
  #forgetOthers(): void {
    const { material } = this.#content;
    const kept = new Set(this.#keys.map(({ keyId }) => keyId));
    for (const keyId of material.keys()) if (!kept.has(keyId)) material.delete(keyId);
    this.#stock.rewind(this.#seedPosition);
  }

  /** One after another: each writes what stands when its turn comes. */
  save(): Promise<void> {
    const write = () => this.#content.file.write(() => this.#toStore());
    this.#saving = this.#saving.catch(() => undefined).then(write);
    return this.#saving;
  }

  #toStore(): StoredKeys {
    const { stored, material } = this.#content;
    const made = this.#made();
    const kept = new Map(this.#keys.map(({ keyId, spec }) => [keyId, spec]));
    for (const { keyId, spec } of this.#seed ?? []) kept.set(keyId, spec);
    const own = [...kept].flatMap(([keyId, spec]) => {
      const key = material.get(keyId);
      return key === undefined ? [] : [[keyId, { spec, material: exportKey(key) }] as const];
    });
    // Keys of templates that do not declare them now; what was made and is gone is destroyed.
    const forgotten = new Set(stored.made.map(({ keyId }) => keyId));
    const others = Object.entries(stored.material).filter(([keyId]) => !forgotten.has(keyId));
    return {
      material: { ...Object.fromEntries(others), ...Object.fromEntries(own) },
      made: [...made],
      ...(this.#seed !== undefined && { seed: [...this.#seed] }),
    };
  }

  #load(made: ReadonlyArray<MadeKey>): void {
    const { declared, material } = this.#content;
    this.#policies.clear();
    const records = [
      ...declared,
      ...made.map((key) => {
        const arn = this.#arnOf(key.region, key.keyId);
        this.#policies.set(arn, { policy: key.policy });
        return fromMade(key, arn);
      }),
    ];
    this.#keys = records.flatMap((record) => {
      const own = material.get(record.keyId);
      return own === undefined ? [] : [{ ...record, material: own }];
    });
  }

  #made(): ReadonlyArray<MadeKey> {
    return this.#keys.flatMap((key) => {
      const found = this.#policies.get(key.arn);
      return found === undefined ? [] : [toMade(key, found.policy)];
    });
  }

  async #add({ policy, ...key }: NewKey, region: string): Promise<Key> {
    const arn = this.#arnOf(region, key.keyId);
    const added: Key = {
      ...key,
      arn,
      region,
      usage: USAGE_OF[key.spec],
      createdAtMs: this.#options.clock.nowMs(),
      state: 'Enabled',
      deletesAtMs: undefined,
      pendingWindowDays: undefined,
    };
    this.#content.material.set(key.keyId, key.material);
    this.#policies.set(arn, { policy });
    this.#keys = [...this.#keys, added];
    await this.save();
    return added;
  }

  #current(): ReadonlyArray<Key> {
    this.#keys = settleDeletions(this.#keys, this.#options.clock.nowMs());
    return this.#keys;
  }

  #find(reference: string, prefix: string): Key | undefined {
    const alias = reference.startsWith('alias/') ? prefix + reference : reference;
    const named = this.#content.aliases.get(alias) ?? reference;
    const arn = named.startsWith('arn:') ? named : `${prefix}key/${named}`;
    // Nobody reaches a key through another region's endpoint.
    return arn.startsWith(prefix) ? this.#current().find((key) => key.arn === arn) : undefined;
  }

  #family(key: Key): ReadonlyArray<Key> {
    const related = this.#current().filter(({ keyId }) => keyId === key.keyId);
    return related.toSorted(
      (a, b) => Number(a.multiRegion === 'REPLICA') - Number(b.multiRegion === 'REPLICA'),
    );
  }

  #aliasesOf(keyArn: string): ReadonlyArray<string> {
    return [...this.#content.aliases]
      .filter(([, target]) => target === keyArn)
      .map(([alias]) => alias.slice(alias.indexOf('alias/')));
  }

  #arnOf(region: string, keyId: string): string {
    return `arn:aws:kms:${region}:${this.#options.account}:key/${keyId}`;
  }
}

function notFoundMessage(reference: string, prefix: string): string {
  if (reference.startsWith('arn:')) return `Invalid arn ${reference}`;
  if (reference.startsWith('alias/')) return `Alias ${prefix}${reference} is not found.`;
  return `Key '${prefix}key/${reference}' does not exist`;
}
