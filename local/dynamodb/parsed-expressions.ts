/**
 * dynalite parses every expression of every request anew, most of what a request costs; and the same
 * few dozen come again and again, with other values. What has parsed is kept, with slots for those.
 */
import validations from 'dynalite/validations/index.js';
import { isObject, type JsonObject, readObject } from './json-object.ts';

/** Where an expression names a value. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const EXPRESSIONS = [
  ...['UpdateExpression', 'ConditionExpression', 'KeyConditionExpression'],
  ...['FilterExpression', 'ProjectionExpression'],
];
/** Where dynalite puts what it has parsed. */
const PARSED = ['_updates', '_condition', '_keyCondition', '_filter', '_projection'];
/** Only these are refused or not by what their values are; all else is by the types of those. */
const BY_VALUE = /between|attribute_type/i;
const CAPACITY = 2_000;

const parseAnew = validations.validateExpressions;
const known = new Map<string, JsonObject>();

/** As dynalite's own: members of `data` are added; a text is what is wrong with it. */
export function validateExpressions(data: Dynalite.Json): string | undefined {
  const texts = EXPRESSIONS.map((name) => data[name]);
  const values = readObject(data, 'ExpressionAttributeValues');
  const key = JSON.stringify([texts, data['ExpressionAttributeNames'], typesOf(values)]);
  const parsed = known.get(key);
  if (parsed === undefined) {
    const complaint = parseAnew(data);
    if (complaint === undefined && !BY_VALUE.test(texts.join())) keep(key, data, values);
    return complaint;
  }
  for (const [name, value] of Object.entries(values)) {
    const complaint = validations.validateAttributeValue(value);
    if (complaint !== undefined) {
      return `ExpressionAttributeValues contains invalid value: ${complaint} for key ${name}`;
    }
  }
  const fill = (node: object) => (node instanceof Slot ? values[node.name] : undefined);
  for (const [member, tree] of Object.entries(parsed)) data[member] = copyTree(tree, fill);
  return undefined;
}

// Its rules ask for it by this name.
validations.validateExpressions = validateExpressions;

/** The names of the values too; a type without content is none. */
function typesOf(values: JsonObject): ReadonlyArray<unknown> {
  return Object.entries(values).map(([name, value]) => [
    name,
    isObject(value)
      ? Object.entries(value).map(([type, content]) => [type, content === null])
      : value,
  ]);
}

function keep(key: string, data: JsonObject, values: JsonObject): void {
  const slots = new Map<unknown, Slot>(
    Object.entries(values).map(([name, value]) => [value, new Slot(name)]),
  );
  const members = PARSED.filter((member) => data[member] !== undefined);
  const trees = members.map((member) => [
    member,
    copyTree(data[member], (node) => slots.get(node)),
  ]);
  if (known.size >= CAPACITY) known.clear();
  known.set(key, Object.fromEntries(trees));
}

/** A copy that its reader may change; some of dynalite's objects have no prototype, and need none. */
function copyTree(node: unknown, replace: (node: object) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const other = replace(node);
  if (other !== undefined) return other;
  if (Array.isArray(node)) return node.map((one) => copyTree(one, replace));
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(node));
  for (const [name, member] of Object.entries(node)) copy[name] = copyTree(member, replace);
  return copy;
}
