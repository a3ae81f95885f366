/** Chosen by us, never by a stranger. */
const KEPT = new Set([
  ...['page', 'by', 'key', 'nonce', 'locales', 'formActions', 'kind', 'state'],
  ...['basis', 'answers', 'channel', 'method', 'section', 'act', 'about'],
]);
/** Addresses keep a beginning that lets them pass, so that the rest is tried in an attribute. */
const ADDRESS = /^action$|ur[li]$/i;

/** The same view or context with `value` in place of every text that a stranger could choose. */
export function hostile<Shape>(shape: Shape, value: string): Shape;
export function hostile(shape: unknown, value: string): unknown {
  if (typeof shape === 'string') return value;
  if (Array.isArray(shape)) return shape.map((item) => hostile(item, value));
  if (typeof shape !== 'object' || shape === null) return shape;
  return Object.fromEntries(
    Object.entries(shape).map(([name, item]) => {
      if (KEPT.has(name)) return [name, item];
      return [name, ADDRESS.test(name) ? `/x?${value}` : hostile(item, value)];
    }),
  );
}
