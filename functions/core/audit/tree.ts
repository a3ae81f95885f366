import type { RecordText } from './audit-record.ts';
import { addLeaf, type Digest, EMPTY_TREE, type Frontier } from './merkle.ts';

/** Grows the tree of an hour by a page of its records: each one's text, in UTF-8, is a leaf. */
export function addRecords(
  tree: Frontier,
  texts: ReadonlyArray<RecordText>,
  digest: Digest,
): Frontier {
  const encoder = new TextEncoder();
  return texts.reduce((grown, text) => addLeaf(grown, encoder.encode(text), digest), tree);
}

/** The tree of a whole hour; no more of it is in memory than a page. */
export async function treeOf(
  pages: AsyncIterable<ReadonlyArray<RecordText>>,
  digest: Digest,
): Promise<Frontier> {
  let tree = EMPTY_TREE;
  for await (const texts of pages) tree = addRecords(tree, texts, digest);
  return tree;
}
