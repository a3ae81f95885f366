/** What DynamoDB refuses in a condition before it looks at any item, and dynalite lets pass. */
import { AwsError } from '../types.ts';
import { typeOf } from './attribute-value.ts';
import { argumentsOf, operatorOf } from './condition.ts';
import { isPath } from './document-path.ts';
import { isObject, type JsonObject } from './json-object.ts';

const EXPRESSIONS = {
  _condition: 'ConditionExpression',
  _filter: 'FilterExpression',
} as const;

const ORDERING = new Set(['<', '<=', '>', '>=', 'between']);
const ORDERED_TYPES = new Set(['S', 'N', 'B']);

/** Throws ValidationException in DynamoDB's words. */
export function requireSoundConditions(data: JsonObject): void {
  for (const [member, name] of Object.entries(EXPRESSIONS)) {
    const parsed = data[member];
    const complaint = isObject(parsed) ? complaintAbout(parsed['expression']) : undefined;
    if (complaint === undefined) continue;
    throw new AwsError('ValidationException', `Invalid ${name}: ${complaint}`);
  }
}

function complaintAbout(expression: unknown): string | undefined {
  if (!isObject(expression)) return undefined;
  const args = argumentsOf(expression);
  if (['and', 'or', 'not'].includes(String(expression['type']))) {
    return args.map(complaintAbout).find((complaint) => complaint !== undefined);
  }
  const operator = operatorOf(expression);
  return complaintAboutTypes(operator, args) ?? complaintAboutRepetition(operator, args);
}

function complaintAboutTypes(operator: string, args: ReadonlyArray<unknown>): string | undefined {
  if (!ORDERING.has(operator)) return undefined;
  const type = args.map(literalType).find((one) => one !== undefined && !ORDERED_TYPES.has(one));
  if (type === undefined) return undefined;
  return (
    'Incorrect operand type for operator or function; ' +
    `operator or function: ${operator.toUpperCase()}, operand type: ${type}`
  );
}

/** Undefined for paths and functions. */
function literalType(operand: unknown): string | undefined {
  if (isPath(operand) || !isObject(operand) || operand['type'] === 'function') return undefined;
  return typeOf(operand);
}

function complaintAboutRepetition(
  operator: string,
  args: ReadonlyArray<unknown>,
): string | undefined {
  const [first, ...rest] = args;
  if (!isPath(first)) return undefined;
  const text = JSON.stringify(first);
  if (!rest.some((one) => isPath(one) && JSON.stringify(one) === text)) return undefined;
  return (
    'The first operand must be distinct from the remaining operands for this operator or ' +
    `function; operator: ${operator.toUpperCase()}, first operand: [${first.join(', ')}]`
  );
}
