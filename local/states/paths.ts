import { isObject } from '../template/json.ts';
import { StatesError } from './states-error.ts';

/** What the paths of a state read: its data under `$`, the context object under `$$`. */
export interface Scope {
  readonly data: unknown;
  readonly context: unknown;
}

type Segment = string | number;

const SEGMENT = /\.([\p{L}_][\p{L}\p{N}_-]*)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/uy;

/**
 * The segments of a reference path (ASL "Reference Paths"). Throws StatesError `States.Runtime` for
 * wildcards, filters and slices: no workflow of ours needs more than one value.
 */
export function parsePath(path: string): { readonly root: '$' | '$$'; segments: Array<Segment> } {
  const root = path.startsWith('$$') ? '$$' : '$';
  const segments: Array<Segment> = [];
  SEGMENT.lastIndex = root.length;
  let end = root.length;
  for (let match = SEGMENT.exec(path); match !== null; match = SEGMENT.exec(path)) {
    const [, name, index, single, double] = match;
    segments.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index));
    end = SEGMENT.lastIndex;
  }
  if (!path.startsWith('$') || end !== path.length) {
    throw new StatesError('States.Runtime', `the path '${path}' is not spoken here`);
  }
  return { root, segments };
}

/** Undefined when there is nothing. */
export function findAt(path: string, scope: Scope): unknown {
  const { root, segments } = parsePath(path);
  let value = root === '$$' ? scope.context : scope.data;
  for (const segment of segments) value = memberOf(value, segment);
  return value;
}

/** Throws StatesError with the name given when there is nothing. */
export function requireAt(path: string, scope: Scope, error = 'States.Runtime'): unknown {
  const value = findAt(path, scope);
  if (value === undefined) {
    throw new StatesError(error, `The JSONPath '${path}' could not be found in the input`);
  }
  return value;
}

/** A copy of `data` in which the value stands at the path; members on the way are made. */
export function withValueAt(path: string, data: unknown, value: unknown): unknown {
  const { root, segments } = parsePath(path);
  if (root === '$$') throw new StatesError('States.Runtime', 'the context object is read-only');
  return replace(data, segments, value);
}

function replace(target: unknown, segments: ReadonlyArray<Segment>, value: unknown): unknown {
  const [head, ...rest] = segments;
  if (head === undefined) return value;
  if (typeof head === 'number') {
    if (!Array.isArray(target) || head >= target.length) throw mismatch();
    const items: ReadonlyArray<unknown> = target;
    return items.with(head, replace(items[head], rest, value));
  }
  if (target !== undefined && !isObject(target)) throw mismatch();
  return { ...target, [head]: replace(memberOf(target, head), rest, value) };
}

function memberOf(value: unknown, segment: Segment): unknown {
  if (Array.isArray(value)) return typeof segment === 'number' ? value[segment] : undefined;
  return isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

function mismatch(): StatesError {
  return new StatesError(
    'States.ResultPathMatchFailure',
    'The result cannot be placed where ResultPath says',
  );
}
