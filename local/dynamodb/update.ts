/** Update expressions, applied on the sections that dynalite parses. */
import { AwsError } from '../types.ts';
import { type AttributeValue, membersOf, typeOf } from './attribute-value.ts';
import { addNumbers, isTooPrecise, subtractNumbers } from './decimal.ts';
import { type DocumentPath, findAt, isPath } from './document-path.ts';
import type { Item } from './engine.ts';
import { copyJson } from './json-copy.ts';
import { isObject, type JsonObject } from './json-object.ts';

type Draft = Record<string, unknown>;

interface Assignment {
  readonly path: DocumentPath;
  /** Undefined removes. */
  readonly value: AttributeValue | undefined;
}

/**
 * The item after the update; `item` stays as it was. Every operand is read from the item as it was
 * before. Throws ValidationException for operands and paths that do not fit it.
 */
export function applyUpdate(item: Item, sections: ReadonlyArray<JsonObject>): Item {
  const assignments = sections.map((section) => toAssignment(item, section));
  const draft = copyJson<Draft>({ ...item });
  const lists = new Set<Array<unknown>>();
  for (const { path, value } of assignments) assign(draft, path, value, lists);
  for (const list of lists) {
    const kept = list.filter((member) => member !== undefined);
    list.splice(0, list.length, ...kept);
  }
  return draft;
}

function toAssignment(item: Item, section: JsonObject): Assignment {
  const path = isPath(section['path']) ? section['path'] : [];
  const existing = findAt(item, path);
  const operand = section['val'];
  switch (section['type']) {
    case 'set':
      return { path, value: requireValue(evaluate(operand, item)) };
    case 'add':
      return { path, value: add(existing, requireValue(operand)) };
    case 'delete':
      return { path, value: existing && subtractSet(existing, requireValue(operand)) };
    default:
      return { path, value: undefined };
  }
}

function requireValue(value: unknown): AttributeValue {
  if (isObject(value)) return value;
  throw invalid('The provided expression refers to an attribute that does not exist in the item');
}

function evaluate(operand: unknown, item: Item): AttributeValue | undefined {
  if (isPath(operand)) return findAt(item, operand);
  if (!isObject(operand)) return undefined;
  const args = Array.isArray(operand['args']) ? operand['args'] : [];
  const [first, second] = args;
  if (operand['type'] === 'function' && operand['name'] === 'if_not_exists') {
    return evaluate(first, item) ?? evaluate(second, item);
  }
  const pair = () => [first, second].map((one) => requireValue(evaluate(one, item)));
  if (operand['type'] === 'function') {
    const lists = pair();
    if (lists.some((list) => typeOf(list) !== 'L')) throw wrongType();
    return { L: lists.flatMap(membersOf) };
  }
  if (operand['type'] === 'add' || operand['type'] === 'subtract') {
    const [a, b] = pair().map(numberOf);
    const compute = operand['type'] === 'add' ? addNumbers : subtractNumbers;
    return { N: requirePrecision(compute(a ?? '0', b ?? '0')) };
  }
  return operand;
}

function numberOf(value: AttributeValue): string {
  if (typeof value['N'] !== 'string') throw wrongType();
  return value['N'];
}

function requirePrecision(number: string): string {
  if (!isTooPrecise(number)) return number;
  throw invalid(
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  );
}

function add(existing: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (!existing) return operand;
  const type = typeOf(operand);
  if (typeOf(existing) !== type) throw wrongType();
  if (type === 'N')
    return { N: requirePrecision(addNumbers(numberOf(existing), numberOf(operand))) };
  return { [type]: [...new Set([...membersOf(existing), ...membersOf(operand)])] };
}

/** An emptied set is no attribute at all. */
function subtractSet(
  existing: AttributeValue,
  operand: AttributeValue,
): AttributeValue | undefined {
  const type = typeOf(operand);
  if (typeOf(existing) !== type) throw wrongType();
  const gone = new Set(membersOf(operand));
  const kept = membersOf(existing).filter((member) => !gone.has(member));
  return kept.length === 0 ? undefined : { [type]: kept };
}

/**
 * List positions are those of the list before the update, so removed members leave a hole until the
 * end, and members set beyond the end close up then.
 */
function assign(
  draft: Draft,
  path: DocumentPath,
  value: AttributeValue | undefined,
  lists: Set<Array<unknown>>,
): void {
  const last = path.at(-1);
  const parent = findAt(draft, path.slice(0, -1)) ?? {};
  const copy = copyJson(value);
  if (typeof last === 'number' && Array.isArray(parent['L'])) {
    const list: Array<unknown> = parent['L'];
    lists.add(list);
    if (copy !== undefined) list[last] = copy;
    else if (last < list.length) list[last] = undefined;
  } else if (typeof last === 'string' && isObject(parent['M'])) {
    const map: Draft = parent['M'];
    if (copy === undefined) delete map[last];
    else map[last] = copy;
  } else {
    throw invalid('The document path provided in the update expression is invalid for update');
  }
}

function wrongType(): AwsError {
  return invalid('An operand in the update expression has an incorrect data type');
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
