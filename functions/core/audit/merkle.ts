/** Merkle trees as of RFC 9162 §2.1, grown leaf by leaf: memory is the logarithm of the size. */

/** SHA-256. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** A tree so far: the roots of its perfect subtrees, the largest, which is the oldest, first. */
export interface Frontier {
  readonly size: number;
  readonly roots: ReadonlyArray<Uint8Array>;
}

export const EMPTY_TREE: Frontier = { size: 0, roots: [] };

/** §2.1.1: leaves and nodes are hashed under prefixes of their own, so that none passes for the other. */
const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

export function addLeaf({ size, roots }: Frontier, leaf: Uint8Array, digest: Digest): Frontier {
  const grown = [...roots];
  let hash = digest(concat(LEAF, leaf));
  // Each trailing one of the old size is a perfect subtree as large as what has just been made.
  for (let left = size; left % 2 === 1; left = (left - 1) / 2) {
    hash = digest(concat(NODE, grown.pop() ?? hash, hash));
  }
  return { size: size + 1, roots: [...grown, hash] };
}

/** The Merkle tree hash of all leaves so far; of none, the hash of nothing. */
export function rootHash({ roots }: Frontier, digest: Digest): Uint8Array {
  const [smallest, ...larger] = roots.toReversed();
  if (smallest === undefined) return digest(new Uint8Array());
  return larger.reduce((right, left) => digest(concat(NODE, left, right)), smallest);
}

function concat(...parts: ReadonlyArray<Uint8Array>): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
