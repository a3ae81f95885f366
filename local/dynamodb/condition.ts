/** Condition, filter and key-condition expressions, evaluated on the tree that dynalite parses. */
import {
  type AttributeValue,
  beginsWith,
  compare,
  contains,
  equal,
  sizeOf,
  typeOf,
} from './attribute-value.ts';
import { findAt, isPath } from './document-path.ts';
import type { Item } from './engine.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** Whether an item, or the absence of one, meets a condition. Never throws. */
export function matches(expression: unknown, item: Item): boolean {
  if (!isObject(expression)) return false;
  const args = argumentsOf(expression);
  switch (expression['type']) {
    case 'and':
      return args.every((one) => matches(one, item));
    case 'or':
      return args.some((one) => matches(one, item));
    case 'not':
      return !matches(args[0], item);
    default:
      return test(
        operatorOf(expression),
        args.map((one) => resolve(one, item)),
      );
  }
}

/** `begins_with`, `<=`, `between`… */
export function operatorOf(expression: JsonObject): string {
  return String(expression['type'] === 'function' ? expression['name'] : expression['type']);
}

export function argumentsOf(expression: JsonObject): ReadonlyArray<unknown> {
  return Array.isArray(expression['args']) ? expression['args'] : [];
}

type Operand = AttributeValue | undefined;

function test(operator: string, operands: ReadonlyArray<Operand>): boolean {
  const [first, second, third] = operands;
  if (operator === 'attribute_exists') return first !== undefined;
  if (operator === 'attribute_not_exists') return first === undefined;
  // What is absent differs from everything, from another absence too.
  if (operator === '<>') return !first || !second || !equal(first, second);
  if (!first) return false;
  if (operator === 'in') return operands.slice(1).some((one) => one && equal(first, one));
  if (!second) return false;
  switch (operator) {
    case '=':
      return equal(first, second);
    case 'begins_with':
      return beginsWith(first, second);
    case 'contains':
      return contains(first, second);
    case 'attribute_type':
      return typeOf(first) === second['S'];
    case 'between':
      return third !== undefined && ordered('>=', first, second) && ordered('<=', first, third);
    default:
      return ordered(operator, first, second);
  }
}

function ordered(operator: string, a: AttributeValue, b: AttributeValue): boolean {
  const order = compare(a, b);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return order >= 0;
}

function resolve(operand: unknown, item: Item): Operand {
  if (isPath(operand)) return findAt(item, operand);
  if (!isObject(operand)) return undefined;
  if (operand['type'] !== 'function') return operand;
  const value = resolve(argumentsOf(operand)[0], item);
  const size = value && sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}
