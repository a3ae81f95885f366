import type { Stack, TemplateParameter } from '../types.ts';
import { ParameterError } from './template-error.ts';

/** Values of one stack's parameters, as `Ref` yields them. */
export type ParameterValues = Readonly<Record<string, string | ReadonlyArray<string>>>;

/** What `cdk deploy` would read from the account's SSM parameter store. */
const SSM_VALUES: Readonly<Record<string, string>> = {
  '/cdk-bootstrap/hnb659fds/version': '21',
};

/**
 * The effective values for one stack. `given` is keyed `Name`, for every stack that declares it, or
 * `Stack:Name`, as `cdk deploy --parameters` does. Throws ParameterError as CloudFormation would.
 */
export function resolveParameters(
  stack: Stack,
  given: Readonly<Record<string, string>>,
): ParameterValues {
  return Object.fromEntries(
    Object.entries(stack.template.Parameters ?? {}).map(([name, declaration]) => [
      name,
      typedValue(name, declaration, given[`${stack.name}:${name}`] ?? given[name]),
    ]),
  );
}

/** Throws ParameterError for a value that no stack asks for. */
export function requireKnownParameters(
  stacks: ReadonlyArray<Stack>,
  given: Readonly<Record<string, string>>,
): void {
  const known = new Set(
    stacks.flatMap(({ name: stack, template }) =>
      Object.keys(template.Parameters ?? {}).flatMap((name) => [name, `${stack}:${name}`]),
    ),
  );
  const unknown = Object.keys(given).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new ParameterError(unknown, `Parameters: [${unknown}] do not exist in the template`);
  }
}

/** What CloudFormation shows in its console: `****` for a secret. */
export function shownParameters(
  stack: Stack,
  values: ParameterValues,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      stack.template.Parameters?.[name]?.NoEcho === true ? '****' : String(value),
    ]),
  );
}

function typedValue(
  name: string,
  declaration: TemplateParameter,
  given: string | undefined,
): string | ReadonlyArray<string> {
  const text = given ?? declaration.Default?.toString();
  if (text === undefined) {
    throw new ParameterError(name, `Parameters: [${name}] must have values`);
  }
  if (declaration.Type.startsWith('AWS::SSM::Parameter::Value<')) return ssmValue(name, text);
  const isList = declaration.Type === 'CommaDelimitedList' || declaration.Type.startsWith('List<');
  if (!isList) {
    requireValid(name, declaration, text);
    return text;
  }
  const entries = text === '' ? [] : text.split(',').map((entry) => entry.trim());
  for (const entry of entries) requireValid(name, declaration, entry);
  return entries;
}

function ssmValue(name: string, path: string): string {
  const value = SSM_VALUES[path];
  if (value === undefined) {
    throw new ParameterError(name, `Parameter '${name}' reads ${path}, which SSM does not hold`);
  }
  return value;
}

function requireValid(name: string, declaration: TemplateParameter, value: string): void {
  const fault = findFault(declaration, value);
  if (fault === undefined) return;
  const shown = declaration.NoEcho === true ? '****' : value;
  const description = declaration.ConstraintDescription;
  const reason = description === undefined ? fault : `failed to satisfy constraint: ${description}`;
  throw new ParameterError(name, `Parameter '${name}' ${reason} (the value is "${shown}")`);
}

function findFault(declaration: TemplateParameter, value: string): string | undefined {
  const { AllowedPattern, AllowedValues } = declaration;
  if (/\bNumber\b/.test(declaration.Type)) {
    const fault = findNumberFault(declaration, value);
    if (fault !== undefined) return fault;
  } else {
    const fault = findLengthFault(declaration, value);
    if (fault !== undefined) return fault;
  }
  if (AllowedPattern !== undefined && !matchesFully(AllowedPattern, value)) {
    return `must match pattern ${AllowedPattern}`;
  }
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) {
    return `must be one of AllowedValues: ${AllowedValues.join(', ')}`;
  }
  return undefined;
}

function findNumberFault(declaration: TemplateParameter, value: string): string | undefined {
  const { MinValue, MaxValue } = declaration;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())) return 'must be a number';
  if (MinValue !== undefined && Number(value) < MinValue) {
    return `must be a number not less than ${MinValue}`;
  }
  if (MaxValue !== undefined && Number(value) > MaxValue) {
    return `must be a number not greater than ${MaxValue}`;
  }
  return undefined;
}

function findLengthFault(declaration: TemplateParameter, value: string): string | undefined {
  const { MinLength, MaxLength } = declaration;
  if (MinLength !== undefined && value.length < MinLength) {
    return `must contain at least ${MinLength} characters`;
  }
  if (MaxLength !== undefined && value.length > MaxLength) {
    return `must contain at most ${MaxLength} characters`;
  }
  return undefined;
}

/** CloudFormation anchors the pattern at both ends, whether it says so or not. */
function matchesFully(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(value);
}
