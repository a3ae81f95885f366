/** Cost of Argon2id (RFC 9106 §3.1): memory `m`, passes `t`, lanes `p`. */
export interface Argon2Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** What is stored of a password. */
export interface PasswordHash {
  readonly cost: Argon2Cost;
  /** Version of the keyring whose pepper went in. */
  readonly pepperVersion: number;
  readonly salt: Uint8Array;
  readonly tag: Uint8Array;
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3}),keyid=([\w+/]{1,16})\$([\w+/]{11,64})\$([\w+/]{22,86})$/;

/** The PHC string of a hash, with the cost and the pepper's version in it; base64 unpadded. */
export function formatPasswordHash(hash: PasswordHash): string {
  const { memoryKiB, passes, parallelism } = hash.cost;
  const keyId = encode(Buffer.from(String(hash.pepperVersion)));
  const parameters = `m=${memoryKiB},t=${passes},p=${parallelism},keyid=${keyId}`;
  return `$argon2id$v=19$${parameters}$${encode(hash.salt)}$${encode(hash.tag)}`;
}

/** Undefined for anything that `formatPasswordHash` did not write. */
export function parsePasswordHash(phc: string): PasswordHash | undefined {
  const [, memory, passes, parallelism, keyId, salt, tag] = PHC.exec(phc) ?? [];
  if (keyId === undefined || salt === undefined || tag === undefined) return undefined;
  const pepperVersion = Number(Buffer.from(keyId, 'base64').toString('utf8'));
  if (!Number.isInteger(pepperVersion)) return undefined;
  return {
    cost: { memoryKiB: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    pepperVersion,
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** True when the policy or the pepper has changed since: hash again at the next sign-in. */
export function isOutdated(hash: PasswordHash, cost: Argon2Cost, pepperVersion: number): boolean {
  return (
    hash.cost.memoryKiB !== cost.memoryKiB ||
    hash.cost.passes !== cost.passes ||
    hash.cost.parallelism !== cost.parallelism ||
    hash.pepperVersion !== pepperVersion
  );
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
