/** What IAM has to know of a request's expressions, read with dynalite's own parsers. */
import validations from 'dynalite/validations/index.js';
import { copyJson } from './json-copy.ts';
import { isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { validateExpressions } from './parsed-expressions.ts';

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
  const parsed = parse(input)?.['_keyCondition'];
  if (!isObject(parsed)) return readObject(input, 'KeyConditions');
  const conditions = validations.convertKeyCondition(parsed['expression']);
  return isObject(conditions) ? conditions : {};
}

/** Top-level attributes that a request names; none for a read of whole items. */
export function attributesOf(input: JsonObject): ReadonlyArray<string> {
  const { updated, projected, compared } = namedBy(input);
  const written = Object.keys(readObject(input, 'Item'));
  const wholeItem = written.length + updated.length + projected.length === 0;
  if (wholeItem) return [];
  const key = Object.keys(readObject(input, 'Key'));
  return [...new Set([...key, ...written, ...updated, ...projected, ...compared])];
}

/** By the kind of expression that names them. */
interface Named {
  readonly updated: ReadonlyArray<string>;
  readonly projected: ReadonlyArray<string>;
  readonly compared: ReadonlyArray<string>;
}

const EXPRESSIONS = [
  ...['UpdateExpression', 'ProjectionExpression', 'ConditionExpression', 'FilterExpression'],
  'KeyConditionExpression',
];
const CAPACITY = 2_000;
const known = new Map<string, Named>();

/**
 * Kept once it has parsed, since the same few expressions come again and again: which attributes they
 * name depends on their text, on the names and on the types of the values, never on the values.
 */
function namedBy(input: JsonObject): Named {
  const types = Object.entries(readObject(input, 'ExpressionAttributeValues')).map(
    ([name, value]) => [name, isObject(value) ? Object.keys(value) : value],
  );
  const texts = EXPRESSIONS.map((name) => input[name]);
  const key = JSON.stringify([texts, input['ExpressionAttributeNames'], types]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const parsed = parse(input);
  if (parsed === undefined) return NOTHING;
  if (known.size >= CAPACITY) known.clear();
  const named = readNames(parsed);
  known.set(key, named);
  return named;
}

const NOTHING: Named = { updated: [], projected: [], compared: [] };

function readNames(parsed: JsonObject): Named {
  return {
    updated: pathHeads(readObject(parsed, '_updates')),
    projected: pathHeads(readObject(parsed, '_projection')),
    compared: ['_condition', '_filter', '_keyCondition'].flatMap((member) =>
      Object.keys(readObject(readObject(parsed, member), 'pathHeads')),
    ),
  };
}

function pathHeads(expression: JsonObject): ReadonlyArray<string> {
  const paths = Array.isArray(expression['paths']) ? expression['paths'] : [];
  return paths
    .map((path: unknown) => (Array.isArray(path) ? path[0] : path))
    .filter((head) => typeof head === 'string');
}

/**
 * Undefined for what does not parse, or has a shape that the parser does not expect: validation refuses
 * it later. Parsing annotates its input and changes values in place, hence the copy.
 */
function parse(input: JsonObject): JsonObject | undefined {
  const copy = copyJson<Record<string, unknown>>({ ...input });
  try {
    return validateExpressions(copy) === undefined ? copy : undefined;
  } catch {
    return undefined;
  }
}
