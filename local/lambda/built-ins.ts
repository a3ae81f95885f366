/** What a property was: its value, or the functions that read and write it. */
type Held = readonly [value: unknown, read: unknown, write: unknown];

/**
 * Looks at what all modules of a thread share: globals, and the properties of these objects and of
 * their prototypes. Answers with what tells whether it is the same as now, whatever came in addition.
 */
export function rememberBuiltIns(): () => boolean {
  const globals = listValues();
  const objects = listObjects(globals).map((object) => [object, describe(object)] as const);
  return () => {
    const now = listValues();
    const areSameGlobals = [...globals].every(([key, value]) => Object.is(now.get(key), value));
    return areSameGlobals && objects.every(([object, held]) => areSame(held, describe(object)));
  };
}

/** Of globals: values alone, since to ask for the others would load what nobody needs. */
function listValues(): ReadonlyMap<PropertyKey, unknown> {
  const values = new Map<PropertyKey, unknown>();
  for (const key of Reflect.ownKeys(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, key);
    if (property !== undefined && 'value' in property) values.set(key, property.value);
  }
  return values;
}

function listObjects(globals: ReadonlyMap<PropertyKey, unknown>): ReadonlyArray<object> {
  const found = new Set<object>();
  for (const value of globals.values()) {
    // What a process may change of itself is taken away by other means.
    if (!isObject(value) || value === globalThis || value === process) continue;
    found.add(value);
    const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
    if (isObject(prototype)) found.add(prototype);
  }
  return [...found];
}

function describe(object: object): ReadonlyMap<PropertyKey, Held> {
  const properties = new Map<PropertyKey, Held>();
  for (const key of Reflect.ownKeys(object)) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, key) ?? {};
    properties.set(key, [value, get, set]);
  }
  return properties;
}

function areSame(
  one: ReadonlyMap<PropertyKey, Held>,
  other: ReadonlyMap<PropertyKey, Held>,
): boolean {
  if (one.size !== other.size) return false;
  for (const [key, held] of one) {
    const now = other.get(key);
    if (now === undefined || held.some((part, index) => !Object.is(part, now[index]))) return false;
  }
  return true;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
