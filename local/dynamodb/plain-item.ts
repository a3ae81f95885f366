import type { Item } from './engine.ts';
import { isObject } from './json-object.ts';

export type PlainValue =
  | string
  | number
  | boolean
  | null
  | ReadonlyArray<PlainValue>
  | { readonly [name: string]: PlainValue };

export type PlainItem = Readonly<Record<string, PlainValue>>;

/** For people to read: `{ "pk": { "S": "USER#1" } }` → `{ "pk": "USER#1" }`. */
export function toPlainItem(item: Item): PlainItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toPlain(value)]));
}

function toPlain(value: unknown): PlainValue {
  const [type, content] = Object.entries(isObject(value) ? value : {})[0] ?? [];
  switch (type) {
    case 'N':
      return toNumber(String(content));
    case 'NS':
      return toList(content).map((member) => toNumber(String(member)));
    case 'SS':
    case 'BS':
      return toList(content).map(String);
    case 'BOOL':
      return content === true;
    case 'NULL':
      return null;
    case 'L':
      return toList(content).map(toPlain);
    case 'M':
      return isObject(content) ? toPlainItem(content) : {};
    default:
      return String(content);
  }
}

function toList(content: unknown): ReadonlyArray<unknown> {
  return Array.isArray(content) ? content : [];
}

/** A number that JavaScript would round stays the text that DynamoDB holds. */
function toNumber(text: string): number | string {
  return String(Number(text)) === text ? Number(text) : text;
}
