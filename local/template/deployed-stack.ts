import type { DeployedResource, Stack } from '../types.ts';
import { evaluate } from './intrinsics.ts';
import { scalarText } from './json.ts';
import type { ParameterValues } from './parameters.ts';
import { orderResources } from './references.ts';
import { StackValues, type Surroundings } from './stack-values.ts';
import { TemplateError } from './template-error.ts';

/** One stack whose values are worked out when read. Reading throws TemplateError. */
export interface DeployedStack {
  readonly stack: Stack;
  readonly values: StackValues;
  /** Each after those that it needs; without those whose condition is false. */
  readonly resources: ReadonlyArray<DeployedResource>;
  readonly outputNames: ReadonlyArray<string>;
  output(name: string): string;
  /** The export's name → the output's name. */
  exports(): ReadonlyMap<string, string>;
}

/** Throws TemplateError for a reference without target and for a circle of references. */
export function deployStack(
  stack: Stack,
  parameters: ParameterValues,
  surroundings: Surroundings,
): DeployedStack {
  const values = new StackValues(stack, parameters, surroundings);
  const outputs = Object.entries(stack.template.Outputs ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || values.scope('Outputs').condition(Condition),
  );
  return {
    stack,
    values,
    resources: orderResources(stack)
      .filter((logicalId) => values.exists(logicalId))
      .map((logicalId) => deployedResource(stack, logicalId, values)),
    outputNames: outputs.map(([name]) => name),
    output: (name) => outputText(stack, name, values),
    exports: once(
      () =>
        new Map(
          outputs.flatMap(([name, { Export }]) =>
            Export === undefined
              ? []
              : [[String(evaluate(Export.Name, values.scope(`output ${name}`))), name] as const],
          ),
        ),
    ),
  };
}

function deployedResource(stack: Stack, logicalId: string, values: StackValues): DeployedResource {
  const properties = once(() => values.properties(logicalId));
  return {
    stack: stack.name,
    region: stack.region,
    logicalId,
    type: stack.template.Resources[logicalId]?.Type ?? '',
    get physicalId() {
      return values.identity(logicalId).physicalId;
    },
    get attributes() {
      return values.identity(logicalId).attributes;
    },
    get properties() {
      return properties();
    },
  };
}

function outputText(stack: Stack, name: string, values: StackValues): string {
  const scope = values.scope(`output ${name}`);
  const declared = stack.template.Outputs?.[name];
  if (declared === undefined) throw new TemplateError(scope.where, 'there is no such output');
  const text = scalarText(evaluate(declared.Value, scope));
  if (text === undefined) throw new TemplateError(scope.where, 'the value must be text');
  return text;
}

/** Remembers the first answer; a failure is not remembered. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
