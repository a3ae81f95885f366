import { isObject, type JsonObject, scalarText } from './json.ts';
import { TemplateError } from './template-error.ts';

/** What intrinsic functions can see: one stack, at one place of its template. */
export interface Scope {
  /** For errors: stack and resource, output or condition. */
  readonly where: string;
  readonly region: string;
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  importValue(exportName: string): unknown;
  stackOutput(stackName: string, outputName: string, region: string): unknown;
}

/** `Ref: AWS::NoValue`: the property or list entry that holds it disappears. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => scope.ref(requireText(name, scope, 'Ref')),
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (name, scope) =>
    scope.importValue(requireText(evaluate(name, scope), scope, 'Fn::ImportValue')),
  'Fn::GetStackOutput': getStackOutput,
  'Fn::Base64': (value, scope) =>
    Buffer.from(requireText(evaluate(value, scope), scope, 'Fn::Base64')).toString('base64'),
};

/**
 * Replaces the intrinsic functions within a template's value by what they yield.
 * Throws TemplateError for an unknown or malformed one.
 */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => evaluate(entry, scope)).filter((entry) => entry !== NO_VALUE);
  }
  if (!isObject(value)) return value;
  const name = intrinsicName(value, scope);
  if (name === undefined) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, entry]): [string, unknown] => [key, evaluate(entry, scope)])
        .filter(([, entry]) => entry !== NO_VALUE),
    );
  }
  const intrinsic = INTRINSICS[name];
  if (intrinsic === undefined) {
    throw new TemplateError(scope.where, `the local cloud does not know the intrinsic ${name}`);
  }
  return intrinsic(value[name], scope);
}

/** Conditions are a language of their own: only these functions may stand in `Conditions`. */
export function evaluateCondition(expression: unknown, scope: Scope): boolean {
  const [name, ...others] = isObject(expression) ? Object.keys(expression) : [];
  if (!isObject(expression) || name === undefined || others.length > 0) {
    throw new TemplateError(scope.where, `${JSON.stringify(expression)} is not a condition`);
  }
  const argument = expression[name];
  if (name === 'Condition') return scope.condition(requireText(argument, scope, name));
  const operands = requireList(argument, scope, name);
  switch (name) {
    case 'Fn::Equals': {
      const [left, right] = operands.map((operand) => scalarText(evaluate(operand, scope)));
      return left === right;
    }
    case 'Fn::And':
      return operands.every((operand) => evaluateCondition(operand, scope));
    case 'Fn::Or':
      return operands.some((operand) => evaluateCondition(operand, scope));
    case 'Fn::Not':
      return !evaluateCondition(operands[0], scope);
    default:
      throw new TemplateError(scope.where, `${name} is not a condition function`);
  }
}

function intrinsicName(value: JsonObject, scope: Scope): string | undefined {
  const keys = Object.keys(value);
  const name = keys.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name !== undefined && name !== 'Ref' && keys.length > 1) {
    throw new TemplateError(
      scope.where,
      `${name} must stand alone, beside it is ${keys.join(', ')}`,
    );
  }
  return keys.length === 1 ? name : undefined;
}

function getAttribute(argument: unknown, scope: Scope): unknown {
  const [logicalId, ...path] = Array.isArray(argument)
    ? argument.map((part) => requireText(evaluate(part, scope), scope, 'Fn::GetAtt'))
    : requireText(argument, scope, 'Fn::GetAtt').split('.');
  if (logicalId === undefined || path.length === 0) {
    throw new TemplateError(scope.where, 'Fn::GetAtt wants a logical id and an attribute');
  }
  return scope.attribute(logicalId, path.join('.'));
}

/** `${Name}`, `${Resource.Attribute}`, `${!Literal}`; the long form adds names of its own. */
function substitute(argument: unknown, scope: Scope): string {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  const names = isObject(own) ? own : {};
  return requireText(template, scope, 'Fn::Sub').replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const trimmed = name.trim();
    if (Object.hasOwn(names, trimmed)) {
      return requireText(evaluate(names[trimmed], scope), scope, `Fn::Sub \${${trimmed}}`);
    }
    const value = trimmed.includes('.') ? getAttribute(trimmed, scope) : scope.ref(trimmed);
    return requireText(value, scope, `Fn::Sub \${${trimmed}}`);
  });
}

function join(argument: unknown, scope: Scope): string {
  const [separator, values] = requireList(argument, scope, 'Fn::Join');
  return requireList(evaluate(values, scope), scope, 'Fn::Join')
    .map((value) => requireText(value, scope, 'Fn::Join'))
    .join(requireText(separator, scope, 'Fn::Join'));
}

function select(argument: unknown, scope: Scope): unknown {
  const [position, values] = requireList(argument, scope, 'Fn::Select');
  const index = Number(evaluate(position, scope));
  const list = requireList(evaluate(values, scope), scope, 'Fn::Select');
  if (!Number.isInteger(index) || index < 0 || index >= list.length) {
    throw new TemplateError(
      scope.where,
      `Fn::Select cannot select nonexistent value at index ${String(position)}`,
    );
  }
  return list[index];
}

function split(argument: unknown, scope: Scope): ReadonlyArray<string> {
  const [separator, value] = requireList(argument, scope, 'Fn::Split');
  return requireText(evaluate(value, scope), scope, 'Fn::Split').split(
    requireText(separator, scope, 'Fn::Split'),
  );
}

function choose(argument: unknown, scope: Scope): unknown {
  const [condition, whenTrue, whenFalse] = requireList(argument, scope, 'Fn::If');
  const holds = scope.condition(requireText(condition, scope, 'Fn::If'));
  return evaluate(holds ? whenTrue : whenFalse, scope);
}

function findInMap(argument: unknown, scope: Scope): unknown {
  const [map, first, second] = requireList(evaluate(argument, scope), scope, 'Fn::FindInMap').map(
    (key) => requireText(key, scope, 'Fn::FindInMap'),
  );
  if (map === undefined || first === undefined || second === undefined) {
    throw new TemplateError(scope.where, 'Fn::FindInMap wants a map and two keys');
  }
  return scope.mapping(map, first, second);
}

function getStackOutput(argument: unknown, scope: Scope): unknown {
  const resolved = evaluate(argument, scope);
  const { StackName, OutputName, Region } = isObject(resolved) ? resolved : {};
  return scope.stackOutput(
    requireText(StackName, scope, 'Fn::GetStackOutput StackName'),
    requireText(OutputName, scope, 'Fn::GetStackOutput OutputName'),
    scalarText(Region) ?? scope.region,
  );
}

function requireText(value: unknown, scope: Scope, intrinsic: string): string {
  const text = scalarText(value);
  if (text !== undefined) return text;
  const found = value === NO_VALUE ? 'AWS::NoValue' : JSON.stringify(value);
  throw new TemplateError(scope.where, `${intrinsic} wants text, found ${found}`);
}

function requireList(value: unknown, scope: Scope, intrinsic: string): ReadonlyArray<unknown> {
  if (Array.isArray(value)) return value;
  throw new TemplateError(
    scope.where,
    `${intrinsic} wants a list, found ${JSON.stringify(value) ?? 'nothing'}`,
  );
}
