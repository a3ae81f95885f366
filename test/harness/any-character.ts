import fc from 'fast-check';

const SURROGATES = 0x800;
const FIRST_SURROGATE = 0xd800;

/**
 * What fast-check calls the unit `binary`: every character but halves of pairs. Its own learns by
 * heart which of a million numbers each stands for, for most of a second, and in every process.
 */
export const ANY_CHARACTER: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - SURROGATES })
  .map(
    (index) => String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES),
    indexOf,
  );

/** Throws for what is no character, as fast-check asks for. */
function indexOf(character: unknown): number {
  const [only, ...rest] = typeof character === 'string' ? [...character] : [];
  const point = only?.codePointAt(0) ?? FIRST_SURROGATE;
  const isHalf = point >= FIRST_SURROGATE && point < FIRST_SURROGATE + SURROGATES;
  if (isHalf || rest.length > 0) throw new Error('this is no character');
  return point < FIRST_SURROGATE ? point : point - SURROGATES;
}
