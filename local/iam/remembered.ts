/** More than a template's tables, keys, functions and actions; objects of buckets are without number. */
const CAPACITY = 2_000;

/**
 * A pure function of a text whose answers are kept: calls ask the same of the same policies again and
 * again.
 */
export function remembered<Answer>(answer: (text: string) => Answer): (text: string) => Answer {
  const known = new Map<string, { readonly answer: Answer }>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.answer;
    if (known.size >= CAPACITY) known.clear();
    const fresh = { answer: answer(text) };
    known.set(text, fresh);
    return fresh.answer;
  };
}
