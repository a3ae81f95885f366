import { isObject, type JsonObject } from '../template/json.ts';
import { findAt, requireAt, type Scope } from './paths.ts';
import { StatesError } from './states-error.ts';

type Test = (value: unknown, wanted: unknown) => boolean;

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const KINDS: Readonly<Record<string, (value: unknown) => string | number | boolean | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Timestamp: (value) => (isTimestamp(value) ? Date.parse(value) : undefined),
};

const COMPARISONS: Readonly<
  Record<string, (one: string | number | boolean, other: string | number | boolean) => boolean>
> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  GreaterThan: (one, other) => one > other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThanEquals: (one, other) => one >= other,
};

/** `StringEquals`, `NumericLessThan`…: false between values of different kinds. */
const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...Object.entries(KINDS).flatMap(([kind, read]) =>
    Object.entries(COMPARISONS).map(([comparison, compare]): [string, Test] => [
      `${kind}${comparison}`,
      (value, wanted) => {
        const [one, other] = [read(value), read(wanted)];
        return one !== undefined && other !== undefined && compare(one, other);
      },
    ]),
  ),
  ['StringMatches', (value, wanted) => typeof value === 'string' && isLike(value, String(wanted))],
]);

/** `IsNull` and its kin compare with what they are told: `IsNull: false` is a test too. */
const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsPresent: (value) => value !== undefined,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isTimestamp,
};

/** Whether a rule of a Choice state fits (ASL "Choice State", JSONPath). */
export function fits(rule: JsonObject, scope: Scope): boolean {
  const { And, Or, Not, Variable } = rule;
  if (Array.isArray(And)) return And.filter(isObject).every((one) => fits(one, scope));
  if (Array.isArray(Or)) return Or.filter(isObject).some((one) => fits(one, scope));
  if (isObject(Not)) return !fits(Not, scope);
  const [operator, wanted] = operatorOf(rule);
  const path = String(Variable);
  const typeTest = TYPE_TESTS[operator];
  if (typeTest !== undefined) return typeTest(findAt(path, scope)) === wanted;
  const value = requireAt(path, scope);
  const direct = TESTS.get(operator);
  if (direct !== undefined) return direct(value, wanted);
  const byPath = TESTS.get(operator.replace(/Path$/, ''));
  if (byPath !== undefined) return byPath(value, requireAt(String(wanted), scope));
  throw new StatesError('States.Runtime', `the operator ${operator} is not spoken here`);
}

function operatorOf(rule: JsonObject): readonly [operator: string, wanted: unknown] {
  const [found] = Object.entries(rule).filter(
    ([name]) => !['Variable', 'Next', 'Comment'].includes(name),
  );
  return found ?? ['', undefined];
}

function isTimestamp(value: unknown): value is string {
  return typeof value === 'string' && TIMESTAMP.test(value);
}

/** `*` stands for any characters; a backslash takes its meaning away. */
function isLike(value: string, pattern: string): boolean {
  const source = pattern.replace(/\\(.)|([\s\S])/g, (_, escaped, plain) =>
    plain === '*' ? '.*' : (escaped ?? plain).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
  );
  return new RegExp(`^${source}$`, 's').test(value);
}
