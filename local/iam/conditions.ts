import { isObject, scalarText } from '../template/json.ts';
import { matches, matchesArn, parsePattern, parseText, type Variables } from './pattern.ts';
import { PolicyError } from './policy-error.ts';

/** Values of condition keys, found without regard to case. */
export type Context = (key: string) => ReadonlyArray<string>;

/** One line of a `Condition` block: an operator, a key, the values it wants. */
export interface Condition {
  readonly operator: Operator;
  readonly key: string;
  readonly wanted: ReadonlyArray<string>;
}

interface Operator {
  readonly name: string;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
}

type Comparison = (requested: string, wanted: string, variables: Variables) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (requested, wanted, variables) => requested === parseText(wanted, variables),
  StringEqualsIgnoreCase: (requested, wanted, variables) =>
    requested.toLowerCase() === parseText(wanted, variables)?.toLowerCase(),
  StringLike: (requested, wanted, variables) => {
    const pattern = parsePattern(wanted, variables);
    return pattern !== undefined && matches(pattern, requested);
  },
  ArnEquals: arnLike,
  ArnLike: arnLike,
  NumericEquals: numeric((requested, wanted) => requested === wanted),
  NumericLessThan: numeric((requested, wanted) => requested < wanted),
  NumericLessThanEquals: numeric((requested, wanted) => requested <= wanted),
  NumericGreaterThan: numeric((requested, wanted) => requested > wanted),
  NumericGreaterThanEquals: numeric((requested, wanted) => requested >= wanted),
  DateEquals: date((requested, wanted) => requested === wanted),
  DateLessThan: date((requested, wanted) => requested < wanted),
  DateLessThanEquals: date((requested, wanted) => requested <= wanted),
  DateGreaterThan: date((requested, wanted) => requested > wanted),
  DateGreaterThanEquals: date((requested, wanted) => requested >= wanted),
  Bool: (requested, wanted) => requested.toLowerCase() === wanted.toLowerCase(),
};

/** The negated operators and what they negate. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

/** Reads a `Condition` block. Throws PolicyError for an operator that is not evaluated here. */
export function parseConditions(block: unknown, where: string): ReadonlyArray<Condition> {
  if (block === undefined) return [];
  if (!isObject(block)) throw new PolicyError(where, 'Condition must be an object');
  return Object.entries(block).flatMap(([text, keys]) => {
    const operator = parseOperator(text, where);
    if (!isObject(keys)) throw new PolicyError(where, `${text} must hold condition keys`);
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      wanted: (Array.isArray(values) ? values : [values]).map((value) => {
        const wanted = scalarText(value);
        if (wanted === undefined) throw new PolicyError(where, `${key} must be compared with text`);
        return wanted;
      }),
    }));
  });
}

/** All lines of the block must hold (IAM User Guide, "evaluation logic for multiple context keys"). */
export function hold(
  conditions: ReadonlyArray<Condition>,
  context: Context,
  variables: Variables,
): boolean {
  return conditions.every((condition) => holds(condition, context, variables));
}

/** Lines with several values of which one is enough: each value is a grant of its own. */
export function offersChoice({ operator, wanted }: Condition): boolean {
  return wanted.length > 1 && Object.hasOwn(COMPARISONS, operator.name);
}

/** Those of the wanted values that some value of the request needed. */
export function neededValues(
  { operator, key, wanted }: Condition,
  context: Context,
  variables: Variables,
): ReadonlyArray<string> {
  const compare = COMPARISONS[operator.name];
  return wanted.filter((candidate) =>
    context(key).some((value) => compare?.(value, candidate, variables) === true),
  );
}

/** As the policy writes it: `ForAllValues:StringLike dynamodb:LeadingKeys`. */
export function describeCondition({ operator, key }: Condition): string {
  const quantifier = operator.quantifier === undefined ? '' : `${operator.quantifier}:`;
  return `${quantifier}${operator.name}${operator.ifExists ? 'IfExists' : ''} ${key}`;
}

function holds({ operator, key, wanted }: Condition, context: Context, variables: Variables) {
  const requested = context(key);
  if (operator.name === 'Null') {
    return wanted.some((value) => (value.toLowerCase() === 'true') === (requested.length === 0));
  }
  const isNegated = Object.hasOwn(NEGATIONS, operator.name);
  if (requested.length === 0) return holdsWithoutKey(operator, isNegated);
  const compare = COMPARISONS[NEGATIONS[operator.name] ?? operator.name];
  if (compare === undefined) return false;
  // A negated operator wants the requested value to differ from every value of the policy.
  const satisfies = (value: string): boolean =>
    wanted.some((candidate) => compare(value, candidate, variables)) !== isNegated;
  if (operator.quantifier === 'ForAllValues') return requested.every(satisfies);
  if (operator.quantifier === 'ForAnyValue') return requested.some(satisfies);
  if (requested.length > 1) {
    throw new PolicyError(
      key,
      `has ${requested.length} values in this request: write ForAllValues: or ForAnyValue: before ${operator.name}`,
    );
  }
  return requested.every(satisfies);
}

/** ForAllValues holds for a key that the request lacks; a negated operator does too, ForAnyValue never. */
function holdsWithoutKey(operator: Operator, isNegated: boolean): boolean {
  if (operator.ifExists || operator.quantifier === 'ForAllValues') return true;
  return operator.quantifier === undefined && isNegated;
}

function parseOperator(text: string, where: string): Operator {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const isKnown =
    Object.hasOwn(COMPARISONS, name) ||
    Object.hasOwn(NEGATIONS, name) ||
    (name === 'Null' && quantifier === undefined && ifExists === undefined);
  if (!isKnown) {
    throw new PolicyError(
      where,
      `the local cloud does not evaluate the condition operator ${text}`,
    );
  }
  return {
    name,
    quantifier:
      quantifier === 'ForAllValues' || quantifier === 'ForAnyValue' ? quantifier : undefined,
    ifExists: ifExists !== undefined,
  };
}

function arnLike(requested: string, wanted: string, variables: Variables): boolean {
  const pattern = parsePattern(wanted, variables);
  return pattern !== undefined && matchesArn(pattern, requested);
}

function numeric(compare: (requested: number, wanted: number) => boolean): Comparison {
  return (requested, wanted) => compare(Number(requested), Number(wanted));
}

function date(compare: (requested: number, wanted: number) => boolean): Comparison {
  return (requested, wanted) => compare(instant(requested), instant(wanted));
}

/** ISO 8601, or seconds since 1970. */
function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
