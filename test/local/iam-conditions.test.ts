// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written like this.

import { describe, expect, test } from 'vitest';
import { type Context, hold, parseConditions } from '../../local/iam/conditions.ts';
import { refusalOf } from './template-fixtures.ts';

/** Whether one operator holds for the key `k`, whose values in the request are given. */
function holds(operator: string, wanted: unknown, requested: ReadonlyArray<string>): boolean {
  const conditions = parseConditions({ [operator]: { k: wanted } }, 'Identity/Role/Policy#0');
  const context: Context = (key) => (key === 'k' ? requested : []);
  return hold(conditions, context, (name) => (name === 'v' ? 'x*' : undefined));
}

describe('operators on a key with one value', () => {
  test.each<[string, unknown, string, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', '${v}', 'x*', true],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEqualsIgnoreCase', 'a', 'A', false],
    ['StringLike', 'USER#*', 'USER#1', true],
    ['StringLike', 'USER#?', 'USER#12', false],
    ['StringLike', '${v}', 'xy', false],
    ['StringNotLike', 'USER#*', 'USER#1', false],
    ['StringNotLike', ['USER#*', 'MAILS#*'], 'KEYRING', true],
    ['ArnLike', 'arn:aws:execute-api:*:*:api/*/*/x', 'arn:aws:execute-api:r:a:api/s/GET/x', true],
    ['ArnEquals', 'arn:aws:sns:*', 'arn:aws:sns:r:a:t', false],
    ['ArnNotLike', 'arn:aws:sns:*:*:t', 'arn:aws:sns:r:a:t', false],
    ['ArnNotEquals', 'arn:aws:sns:*:*:t', 'arn:aws:sns:r:a:u', true],
    ['NumericEquals', '1', '1.0', true],
    ['NumericNotEquals', 1, '2', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '9', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericEquals', '1', 'one', false],
    ['DateLessThan', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThan', '0', '2026-01-01T00:00:00Z', true],
    ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', true],
    ['DateNotEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['DateLessThanEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThanEquals', '2026-01-01T00:00:00Z', '2025-01-01T00:00:00Z', false],
    ['Bool', true, 'true', true],
    ['Bool', 'false', 'true', false],
    ['Null', 'true', 'a', false],
    ['Null', 'false', 'a', true],
    ['StringEqualsIfExists', 'a', 'b', false],
  ])('%s %j against %s is %s', (operator, wanted, requested, expected) => {
    expect(holds(operator, wanted, [requested])).toBe(expected);
  });
});

describe('a key that the request lacks', () => {
  test.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringNotLike', true],
    ['ArnNotLike', true],
    ['StringEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
    ['NumericLessThan', false],
    ['Bool', false],
    ['Null', true],
  ])('%s holds: %s', (operator, expected) => {
    expect(holds(operator, 'true', [])).toBe(expected);
  });
});

describe('a key with several values', () => {
  test.each<[string, ReadonlyArray<string>, ReadonlyArray<string>, boolean]>([
    ['ForAllValues:StringLike', ['USER#*'], ['USER#1', 'USER#2'], true],
    ['ForAllValues:StringLike', ['USER#*'], ['USER#1', 'KEYRING'], false],
    ['ForAllValues:StringLike', ['USER#*', 'KEYRING'], ['USER#1', 'KEYRING'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], true],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'c'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false],
  ])('%s %j against %j is %s', (operator, wanted, requested, expected) => {
    expect(holds(operator, wanted, requested)).toBe(expected);
  });

  test('without ForAllValues or ForAnyValue is refused rather than guessed at', () => {
    expect(refusalOf(() => holds('StringEquals', 'a', ['a', 'b']))).toContain(
      'write ForAllValues: or ForAnyValue: before StringEquals',
    );
  });
});

test('all lines of a block must hold', () => {
  const block = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
  const conditions = parseConditions(block, 'x');
  const request: Record<string, string> = { a: '1', b: '2', c: 'true' };
  const contextOf =
    (values: Readonly<Record<string, string>>): Context =>
    (key) => {
      const value = values[key];
      return value === undefined ? [] : [value];
    };
  expect(hold(conditions, contextOf(request), () => undefined)).toBe(true);
  for (const key of Object.keys(request)) {
    const broken = contextOf({ ...request, [key]: 'other' });
    expect(hold(conditions, broken, () => undefined)).toBe(false);
  }
});

test.each([
  'IpAddress',
  'BinaryEquals',
  'StringEqual',
  'ForAllValues:Null',
  'ForSome:StringEquals',
])('the operator %s is refused, naming the statement', (operator) => {
  expect(refusalOf(() => holds(operator, 'a', ['a']))).toBe(
    `Identity/Role/Policy#0: the local cloud does not evaluate the condition operator ${operator}`,
  );
});
