/** Reading of untyped JSON: wire input and template properties. Nothing here throws. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under `key`, or an empty one. */
export function readObject(from: JsonObject, key: string): JsonObject {
  const value = from[key];
  return isObject(value) ? value : {};
}

/** The objects of the list under `key`; anything else in it is left out. */
export function readObjects(from: JsonObject, key: string): ReadonlyArray<JsonObject> {
  const value = from[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function findString(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  return typeof value === 'string' ? value : undefined;
}

/** CloudFormation carries truth as a boolean or as the words `true` and `false`. */
export function readBoolean(from: JsonObject, key: string): boolean {
  return from[key] === true || from[key] === 'true';
}
