/** What IAM has to know of a request's expressions, read with dynalite's own parsers. */
import validations from 'dynalite/validations/index.js';
import { isObject, type JsonObject, readObject, readObjects } from './json-object.ts';

/**
 * Values of the partition key in a Query's key condition, names and values resolved. Empty for a
 * condition that does not parse: the request is refused a moment later.
 */
export function partitionKeyValuesOfQuery(
  input: JsonObject,
  partitionKey: string | undefined,
): ReadonlyArray<string> {
  if (partitionKey === undefined) return [];
  const condition = readObject(keyConditionsOf(input), partitionKey);
  return readObjects(condition, 'AttributeValueList')
    .flatMap((value) => Object.values(value))
    .filter((value) => typeof value === 'string');
}

function keyConditionsOf(input: JsonObject): JsonObject {
  const parsed = parse(input)['_keyCondition'];
  if (!isObject(parsed)) return readObject(input, 'KeyConditions');
  const conditions = validations.convertKeyCondition(parsed['expression']);
  return isObject(conditions) ? conditions : {};
}

/** Top-level attributes that a request names; none for a read of whole items. */
export function attributesOf(input: JsonObject): ReadonlyArray<string> {
  const parsed = parse(input);
  const updated = pathHeads(readObject(parsed, '_updates'));
  const projected = pathHeads(readObject(parsed, '_projection'));
  const compared = ['_condition', '_filter', '_keyCondition'].flatMap((member) =>
    Object.keys(readObject(readObject(parsed, member), 'pathHeads')),
  );
  const written = Object.keys(readObject(input, 'Item'));
  const wholeItem = written.length + updated.length + projected.length === 0;
  if (wholeItem) return [];
  const key = Object.keys(readObject(input, 'Key'));
  return [...new Set([...key, ...written, ...updated, ...projected, ...compared])];
}

function pathHeads(expression: JsonObject): ReadonlyArray<string> {
  const paths = Array.isArray(expression['paths']) ? expression['paths'] : [];
  return paths
    .map((path: unknown) => (Array.isArray(path) ? path[0] : path))
    .filter((head) => typeof head === 'string');
}

/** Parsing annotates its input and changes values in place, hence the copy. */
function parse(input: JsonObject): JsonObject {
  const copy = structuredClone<Record<string, unknown>>(input);
  try {
    return validations.validateExpressions(copy) === undefined ? copy : {};
  } catch {
    // Input of a shape that the parser does not expect is refused by validation later.
    return {};
  }
}
