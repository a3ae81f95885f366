import { isObject, type JsonObject } from '../template/json.ts';

/** Whether an event is one that the pattern describes. */
export type EventPattern = (event: unknown) => boolean;

/** A pattern that EventBridge would refuse, or one that is not spoken here. */
export class EventPatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventPatternError';
  }
}

type ValueTest = (value: unknown) => boolean;

/**
 * Reads an event pattern (EventBridge User Guide, "Comparison operators for use in event patterns"),
 * which filters of event source mappings are written in, too. Every field of a pattern must fit;
 * of a field's list one entry is enough. Throws EventPatternError.
 */
export function parseEventPattern(pattern: unknown): EventPattern {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new EventPatternError('an event pattern must be an object with fields');
  }
  const { $or: choices, ...fields } = pattern;
  const tests = Object.entries(fields).map(([name, wanted]) => parseField(name, wanted));
  if (choices !== undefined) tests.push(parseChoices(choices));
  return (event) => tests.every((test) => test(event));
}

function parseChoices(choices: unknown): EventPattern {
  if (!Array.isArray(choices) || choices.length < 2) {
    throw new EventPatternError('$or needs a list of two patterns or more');
  }
  const patterns = choices.map(parseEventPattern);
  return (event) => patterns.some((pattern) => pattern(event));
}

function parseField(name: string, wanted: unknown): EventPattern {
  if (isObject(wanted)) {
    const nested = parseEventPattern(wanted);
    // Of a list of objects, one that fits is enough.
    return (event) => valuesAt(event, name).some(nested);
  }
  if (!Array.isArray(wanted) || wanted.length === 0) {
    throw new EventPatternError(`${name} must be a list of what is wanted, or a pattern`);
  }
  const tests = wanted.map((one) => parseTest(name, one));
  return (event) => {
    // Only leaves count: what has fields of its own is nothing that a list could name.
    const values = valuesAt(event, name).filter((value) => !isObject(value));
    // A field that is not there is still something to `exists: false`.
    return tests.some((test) => (values.length === 0 ? [undefined] : values).some(test));
  };
}

/** None where the field is missing; the members where it is a list. */
function valuesAt(event: unknown, name: string): ReadonlyArray<unknown> {
  if (!isObject(event) || !Object.hasOwn(event, name)) return [];
  const value = event[name];
  return Array.isArray(value) ? value : [value];
}

function parseTest(name: string, wanted: unknown): ValueTest {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [[operator, argument] = ['', undefined], ...others] = Object.entries(wanted);
  const parse = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (parse === undefined || others.length > 0) {
    throw new EventPatternError(`${name}: ${JSON.stringify(wanted)} is not spoken here`);
  }
  const test = parse(argument);
  if (test !== undefined) return test;
  throw new EventPatternError(`${name}: ${operator} cannot be ${JSON.stringify(argument)}`);
}

/** Each is undefined for an argument that the operator does not take. */
const OPERATORS: Readonly<Record<string, (argument: unknown) => ValueTest | undefined>> = {
  prefix: (argument) => ofText(argument, (text, wanted) => text.startsWith(wanted)),
  suffix: (argument) => ofText(argument, (text, wanted) => text.endsWith(wanted)),
  'equals-ignore-case': (argument) =>
    ofText(argument, (text, wanted) => text.toLowerCase() === wanted.toLowerCase()),
  exists: (argument) =>
    typeof argument === 'boolean' ? (value) => (value !== undefined) === argument : undefined,
  'anything-but': anythingBut,
  numeric,
};

function ofText(
  argument: unknown,
  fits: (text: string, wanted: string) => boolean,
): ValueTest | undefined {
  if (typeof argument !== 'string') return undefined;
  return (value) => typeof value === 'string' && fits(value, argument);
}

/** Of values, of a list of them, or of a prefix or suffix; a field that is missing does not fit. */
function anythingBut(argument: unknown): ValueTest | undefined {
  const isNested = isObject(argument);
  if (isNested && !('prefix' in argument || 'suffix' in argument)) return undefined;
  const unwanted: ReadonlyArray<unknown> = Array.isArray(argument) ? argument : [argument];
  const tests = unwanted.map((one) => parseTest('anything-but', one));
  return (value) => value !== undefined && !tests.some((test) => test(value));
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">", 0, "<=", 5]`. */
function numeric(argument: unknown): ValueTest | undefined {
  if (!Array.isArray(argument) || ![2, 4].includes(argument.length)) return undefined;
  const parts: ReadonlyArray<unknown> = argument;
  const tests = [parts.slice(0, 2), parts.slice(2)].filter(({ length }) => length > 0).map(bound);
  if (tests.includes(undefined)) return undefined;
  return (value) => typeof value === 'number' && tests.every((test) => test?.(value) === true);
}

function bound([operator, limit]: ReadonlyArray<unknown>) {
  const compare = COMPARISONS[String(operator)];
  if (compare === undefined || typeof limit !== 'number') return undefined;
  return (value: number) => compare(value, limit);
}

/** A pattern as a property of a template: an object, or its JSON as text. Throws EventPatternError. */
export function readEventPattern(value: unknown): EventPattern {
  if (typeof value !== 'string') return parseEventPattern(value);
  try {
    const parsed: JsonObject = JSON.parse(value);
    return parseEventPattern(parsed);
  } catch (error) {
    if (error instanceof SyntaxError) throw new EventPatternError('the pattern is not JSON');
    throw error;
  }
}
