/** How DynamoDB compares attribute values. */
import { compareNumbers } from './decimal.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** One member: the type, and its content in wire form. */
export type AttributeValue = JsonObject;

export function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0] ?? '';
}

export function contentOf(value: AttributeValue): unknown {
  return value[typeOf(value)];
}

/** Members of a list or set; empty for anything else. */
export function membersOf(value: AttributeValue): ReadonlyArray<unknown> {
  const content = contentOf(value);
  return Array.isArray(content) ? content : [];
}

export function equal(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  switch (type) {
    case 'N':
      return compareNumbers(String(a['N']), String(b['N'])) === 0;
    case 'SS':
    case 'NS':
    case 'BS':
      return equalSets(membersOf(a), membersOf(b));
    case 'L':
      return equalLists(membersOf(a), membersOf(b));
    case 'M':
      return equalMaps(contentOf(a), contentOf(b));
    default:
      return contentOf(a) === contentOf(b);
  }
}

/** Undefined for types that differ or have no order. */
export function compare(a: AttributeValue, b: AttributeValue): number | undefined {
  const type = typeOf(a);
  if (type !== typeOf(b)) return undefined;
  if (type === 'N') return compareNumbers(String(a['N']), String(b['N']));
  if (type === 'S' || type === 'B') return Buffer.compare(bytesOf(a), bytesOf(b));
  return undefined;
}

export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  const type = typeOf(value);
  if (type !== typeOf(prefix) || (type !== 'S' && type !== 'B')) return false;
  const start = bytesOf(prefix);
  return bytesOf(value).subarray(0, start.length).equals(start);
}

/** Substring of a string or binary value, member of a set or list. */
export function contains(value: AttributeValue, sought: AttributeValue): boolean {
  const type = typeOf(value);
  if (type === 'S' || type === 'B') {
    return type === typeOf(sought) && bytesOf(value).includes(bytesOf(sought));
  }
  if (type === 'L') {
    return membersOf(value).some((member) => isObject(member) && equal(member, sought));
  }
  if (type !== `${typeOf(sought)}S`) return false;
  return membersOf(value).some((member) => equal({ [typeOf(sought)]: member }, sought));
}

/** As `size()` counts: bytes of strings and binaries, members of collections. */
export function sizeOf(value: AttributeValue): number | undefined {
  switch (typeOf(value)) {
    case 'S':
    case 'B':
      return bytesOf(value).length;
    case 'SS':
    case 'NS':
    case 'BS':
    case 'L':
      return membersOf(value).length;
    case 'M':
      return Object.keys(Object(value['M'])).length;
    default:
      return undefined;
  }
}

function bytesOf(value: AttributeValue): Buffer {
  return Buffer.from(String(contentOf(value)), typeOf(value) === 'B' ? 'base64' : 'utf8');
}

function equalSets(a: ReadonlyArray<unknown>, b: ReadonlyArray<unknown>): boolean {
  const members = new Set(b);
  return a.length === b.length && a.every((member) => members.has(member));
}

function equalLists(a: ReadonlyArray<unknown>, b: ReadonlyArray<unknown>): boolean {
  return a.length === b.length && a.every((member, index) => equalMembers(member, b[index]));
}

function equalMaps(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => equalMembers(a[name], b[name]))
  );
}

function equalMembers(a: unknown, b: unknown): boolean {
  return isObject(a) && isObject(b) && equal(a, b);
}
