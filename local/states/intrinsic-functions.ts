import { createHash, randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { StatesError } from './states-error.ts';

type Arguments = ReadonlyArray<unknown>;

const text = z.string();
const list = z.array(z.unknown());
const whole = z.int();
const HASHES = z.enum(['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']);

const FUNCTIONS: Readonly<Record<string, (values: Arguments) => unknown>> = {
  'States.Format': ([template, ...values]) => format(text.parse(template), values),
  'States.StringToJson': ([value]) => JSON.parse(text.parse(value)),
  'States.JsonToString': ([value]) => JSON.stringify(value),
  'States.Array': (values) => values,
  'States.ArrayLength': ([values]) => list.parse(values).length,
  'States.ArrayGetItem': ([values, index]) => list.parse(values)[whole.parse(index)],
  'States.ArrayContains': ([values, wanted]) =>
    list.parse(values).some((value) => JSON.stringify(value) === JSON.stringify(wanted)),
  'States.ArrayUnique': ([values]) => [
    ...new Map(list.parse(values).map((value) => [JSON.stringify(value), value])).values(),
  ],
  'States.ArrayPartition': ([values, size]) => partition(list.parse(values), whole.parse(size)),
  'States.ArrayRange': (values) => range(z.tuple([whole, whole, whole]).parse(values)),
  'States.JsonMerge': ([first, second]) => ({
    ...z.record(text, z.unknown()).parse(first),
    ...z.record(text, z.unknown()).parse(second),
  }),
  'States.MathAdd': ([first, second]) => whole.parse(first) + whole.parse(second),
  'States.MathRandom': ([first, end]) => randomInt(whole.parse(first), whole.parse(end)),
  'States.StringSplit': ([value, separators]) =>
    splitAt(text.parse(value), new Set(text.parse(separators))),
  'States.Base64Encode': ([value]) => Buffer.from(text.parse(value)).toString('base64'),
  'States.Base64Decode': ([value]) => Buffer.from(text.parse(value), 'base64').toString('utf8'),
  'States.Hash': ([value, algorithm]) =>
    createHash(HASHES.parse(algorithm).replace('-', '').toLowerCase())
      .update(typeof value === 'string' ? value : JSON.stringify(value))
      .digest('hex'),
  'States.UUID': () => randomUUID(),
};

export function isIntrinsicFunction(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

/** Throws StatesError `States.IntrinsicFailure` for wrong arguments. */
export function callIntrinsicFunction(name: string, values: Arguments): unknown {
  try {
    return FUNCTIONS[name]?.(values);
  } catch (error) {
    if ([z.ZodError, SyntaxError, RangeError].some((kind) => error instanceof kind)) {
      throw new StatesError('States.IntrinsicFailure', `${name} was given a wrong argument`);
    }
    throw error;
  }
}

function format(template: string, values: Arguments): string {
  const rest = [...values];
  return template.replaceAll('{}', () => {
    if (rest.length === 0) throw new StatesError('States.IntrinsicFailure', 'too few arguments');
    const value = rest.shift();
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function partition(values: Arguments, size: number): ReadonlyArray<Arguments> {
  const count = Math.ceil(values.length / Math.max(1, size));
  return Array.from({ length: count }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

function range([first, last, step]: [number, number, number]): ReadonlyArray<number> {
  const length = Math.floor((last - first) / step) + 1;
  if (!Number.isFinite(length) || length > 1000) {
    throw new StatesError('States.IntrinsicFailure', 'States.ArrayRange yields up to 1000 items');
  }
  return Array.from({ length: Math.max(0, length) }, (_, index) => first + index * step);
}

function splitAt(value: string, separators: ReadonlySet<string>): ReadonlyArray<string> {
  const parts = [''];
  for (const character of value) {
    if (separators.has(character)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.filter((part) => part !== '');
}
