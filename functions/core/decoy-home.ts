/** Where an address that nobody has seems to be at home. */
import type { CellName } from './cells.ts';
import type { HashedIdentifier } from './ids.ts';

/** Of all people, how many live in each cell, against each other; by cell, in no order. */
export type CellShares = ReadonlyMap<CellName, number>;

/** Digits of a digest that count: 48 bits, exact in a number. */
const DIGITS = 8;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Stable, because it comes of the address, and not to be foretold, because the hash is keyed. Of all
 * cells, whatever the client allows: an address that moved with the client would show that nobody
 * has it. As likely as the cell's share, for cells that have few people would else hold mostly
 * decoys. Rendezvous hashing: each cell draws by itself, so that a cell that joins, or a share that
 * is raised, moves no address but to that cell.
 *
 * `digest` is uniform, base64url. Throws Error when no cell has a share.
 */
export function chooseDecoyCell(
  { current, earlier }: HashedIdentifier,
  shares: CellShares,
  digest: (text: string) => string,
): CellName {
  // The oldest pepper is the last to change.
  const hash = earlier.at(-1) ?? current;
  const mac = hash.slice(hash.indexOf('.') + 1);
  let chosen: { readonly cell: CellName; readonly arrival: number } | undefined;
  for (const [cell, share] of shares) {
    if (share <= 0) continue;
    // Of exponential arrivals each is the first as often as its rate is of all rates.
    const arrival = -Math.log(toUnitInterval(digest(`${mac}.${cell}`))) / share;
    if (chosen === undefined || arrival < chosen.arrival) chosen = { cell, arrival };
  }
  if (chosen === undefined) throw new Error('no cell has a share of the people');
  return chosen.cell;
}

/** `eu=1,us=0.5`, as the stacks write it. */
export function parseCellShares(text: string): CellShares {
  const pairs = text.split(',').flatMap((pair): Array<[CellName, number]> => {
    const [cell = '', share = ''] = pair.split('=');
    return cell === '' ? [] : [[cell, Number(share)]];
  });
  return new Map(pairs);
}

/** Between 0 and 1, and neither. */
function toUnitInterval(digest: string): number {
  const number = [...digest.slice(0, DIGITS)].reduce(
    (sum, digit) => sum * ALPHABET.length + Math.max(0, ALPHABET.indexOf(digit)),
    0,
  );
  return (number + 0.5) / ALPHABET.length ** DIGITS;
}
