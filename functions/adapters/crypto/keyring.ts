import { InvariantError } from '../../core/errors.ts';

/** What every cell has to have: who has an address, whose password it is, what is handed over. */
export const SHARED_KEY_NAMES = ['identifier-pepper', 'password-pepper', 'sealing'] as const;
export type SharedKeyName = (typeof SHARED_KEY_NAMES)[number];

/** What opens the cell's own people and their browsers' state; no other cell has these. */
export const CELL_KEY_NAMES = ['data-key-wrapping', 'cell-sealing'] as const;
export type CellKeyName = (typeof CELL_KEY_NAMES)[number];

/** Symmetric keys, 256 bits each, by version: what old ones made stays good. */
export interface Keyring<Name extends string> {
  /** What new things are made with; recorded with each, to find its key again. */
  readonly version: number;
  has(version: number): boolean;
  /** The current key, or that of a recorded version. Throws when the keyring has no such version. */
  key(name: Name, version?: number): Uint8Array;
}

export interface Pepper {
  /** Version of the keyring that brought it; stands in front of every hash that it made. */
  readonly version: number;
  readonly key: Uint8Array;
}

export interface SharedKeyring extends Keyring<SharedKeyName> {
  /**
   * Each pepper of identifiers once, the current one first, then newest first: an address may be
   * filed under any of them.
   */
  peppers(): readonly [current: Pepper, ...earlier: ReadonlyArray<Pepper>];
}

export type CellKeyring = Keyring<CellKeyName>;

type Keys<Name extends string> = ReadonlyMap<Name, Uint8Array>;

/** Throws without quoting what it read. */
export function parseSharedKeyring(json: string): SharedKeyring {
  const { keyring, versions } = parseKeyring(json, SHARED_KEY_NAMES);
  const peppers = distinctPeppers(keyring, versions);
  return { ...keyring, peppers: () => peppers };
}

/** Throws without quoting what it read. */
export function parseCellKeyring(json: string): CellKeyring {
  return parseKeyring(json, CELL_KEY_NAMES).keyring;
}

/** Reads `{ current, versions: { number: { name: base64url } } }`. */
function parseKeyring<Name extends string>(
  json: string,
  names: ReadonlyArray<Name>,
): { readonly keyring: Keyring<Name>; readonly versions: ReadonlyArray<number> } {
  const { current, versions: encoded } = parseObject(json);
  if (typeof current !== 'number' || !isObject(encoded)) {
    throw new InvariantError('the keyring has an unknown shape');
  }
  const versions = new Map<number, Keys<Name>>();
  for (const [version, keys] of Object.entries(encoded)) {
    versions.set(Number(version), readKeys(keys, names));
  }
  const keyring: Keyring<Name> = {
    version: current,
    has: (version) => versions.has(version),
    key(name, version = current) {
      const key = versions.get(Number(version))?.get(name);
      if (key === undefined) throw new InvariantError(`the keyring has no version ${version}`);
      return key;
    },
  };
  for (const name of names) keyring.key(name);
  return { keyring, versions: [...versions.keys()] };
}

/** Filed under the version that brought it, so that a version with new keys for all else moves nobody. */
function distinctPeppers(
  keyring: Keyring<SharedKeyName>,
  versions: ReadonlyArray<number>,
): readonly [Pepper, ...ReadonlyArray<Pepper>] {
  const byKey = new Map<string, Pepper>();
  const oldestFirst = versions.toSorted((a, b) => a - b);
  const nameOf = (key: Uint8Array) => Buffer.from(key).toString('base64url');
  for (const version of oldestFirst) {
    const key = keyring.key('identifier-pepper', version);
    if (!byKey.has(nameOf(key))) byKey.set(nameOf(key), { version, key });
  }
  const current = byKey.get(nameOf(keyring.key('identifier-pepper')));
  if (current === undefined) throw new InvariantError('the keyring has no current pepper');
  const earlier = [...byKey.values()].filter((pepper) => pepper !== current).toReversed();
  return [current, ...earlier];
}

function readKeys<Name extends string>(encoded: unknown, names: ReadonlyArray<Name>): Keys<Name> {
  const read = (name: Name): [Name, Uint8Array] => {
    const text = isObject(encoded) ? encoded[name] : undefined;
    const key = Buffer.from(typeof text === 'string' ? text : '', 'base64url');
    if (key.length !== 32) throw new InvariantError(`the keyring has no valid ${name} key`);
    return [name, key];
  };
  return new Map(names.map(read));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch {
    // A SyntaxError quotes its input: key material must not reach a log.
  }
  throw new InvariantError('the keyring is not a JSON object');
}
