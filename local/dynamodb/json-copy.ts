/**
 * A copy of what has come out of JSON, an own member named `__proto__` included: several times as
 * fast as `structuredClone`, which every call would ask for a dozen times.
 */
export function copyJson<Value>(value: Value): Value;
export function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => copyJson(one));
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === '__proto__') define(copy, name, copyJson(member));
    else copy[name] = copyJson(member);
  }
  return copy;
}

/** Assigned, it would become the prototype. */
function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    ...{ value, enumerable: true, configurable: true, writable: true },
  });
}
