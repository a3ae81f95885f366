/** JSON that has one form alone: the JSON Canonicalization Scheme, RFC 8785. */
import { InvariantError } from '../errors.ts';

/** What audit records are made of: no number but integers, which have one spelling. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | ReadonlyArray<CanonicalValue>
  | { readonly [name: string]: CanonicalValue };

/** Throws InvariantError for what has no canonical form here: fractions and broken text. */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'string') return canonicalText(value);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new InvariantError('a number that is no safe integer has no canonical form here');
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // RFC 8785 §3.2.3: by UTF-16 code units, as JavaScript compares.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalText(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** RFC 8785 §3.2.2.2: ECMAScript's own rules. */
function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new InvariantError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
}

function isList(value: object): value is ReadonlyArray<CanonicalValue> {
  return Array.isArray(value);
}
