import type { DeployedResource, Stack, TemplateResource } from '../types.ts';
import { evaluate, evaluateCondition, NO_VALUE, type Scope } from './intrinsics.ts';
import { scalarText } from './json.ts';
import type { ParameterValues } from './parameters.ts';
import { ACCOUNT_ID, PARTITION, stackArn, URL_SUFFIX } from './physical-ids.ts';
import { orderResources } from './references.ts';
import { type Identity, identify } from './resource-kinds.ts';
import { TemplateError } from './template-error.ts';

/** What a stack asks of the others and of whoever runs them. */
export interface Surroundings {
  importValue(exportName: string, region: string, where: string): string;
  stackOutput(stackName: string, outputName: string, region: string, where: string): string;
  apiEndpoint(api: Pick<DeployedResource, 'stack' | 'region' | 'logicalId'>): string | undefined;
}

/** One stack whose values are worked out when asked for. Throws TemplateError. */
export interface DeployedStack {
  readonly stack: Stack;
  /** Each after those that it needs; without those whose condition is false. */
  readonly resources: ReadonlyArray<DeployedResource>;
  readonly outputNames: ReadonlyArray<string>;
  output(name: string): string;
  /** The export's name → the output's name. */
  exports(): ReadonlyMap<string, string>;
  /** Gives a custom resource what its provider answered. */
  complete(logicalId: string, identity: Identity): void;
}

export function deployStack(
  stack: Stack,
  parameters: ParameterValues,
  surroundings: Surroundings,
): DeployedStack {
  const { template, region } = stack;
  const completed = new Map<string, Identity>();
  const identities = new Map<string, Identity>();
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': ACCOUNT_ID,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [],
    'AWS::Partition': PARTITION,
    'AWS::Region': region,
    'AWS::StackId': stackArn(stack.name, region),
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': URL_SUFFIX,
  };

  const scopeOf = (place: string): Scope => {
    const where = `stack ${stack.name}, ${place}`;
    return {
      where,
      region,
      ref: (name) =>
        Object.hasOwn(pseudo, name)
          ? pseudo[name]
          : (parameters[name] ?? identityOf(name, where).physicalId),
      attribute: (logicalId, attribute) => {
        const value = identityOf(logicalId, where).attributes[attribute];
        if (value !== undefined) return value;
        const type = template.Resources[logicalId]?.Type ?? '';
        throw new TemplateError(where, `${logicalId} (${type}) has no attribute ${attribute}`);
      },
      condition: (name) => condition(name, where),
      mapping: (map, first, second) => mapping(stack, where, [map, first, second]),
      importValue: (name) => surroundings.importValue(name, region, where),
      stackOutput: (name, output, of) => surroundings.stackOutput(name, output, of, where),
    };
  };

  const openConditions = new Set<string>();
  const condition = (name: string, where: string): boolean => {
    const expression = template.Conditions?.[name];
    if (expression === undefined) throw new TemplateError(where, `there is no condition ${name}`);
    if (openConditions.has(name)) throw new TemplateError(where, `condition ${name} needs itself`);
    openConditions.add(name);
    try {
      return evaluateCondition(expression, scopeOf(`condition ${name}`));
    } finally {
      openConditions.delete(name);
    }
  };

  const exists = (logicalId: string, declared: TemplateResource): boolean =>
    declared.Condition === undefined || condition(declared.Condition, `resource ${logicalId}`);

  const identityOf = (logicalId: string, where: string): Identity => {
    const known = completed.get(logicalId) ?? identities.get(logicalId);
    if (known !== undefined) return known;
    const declared = template.Resources[logicalId];
    if (declared === undefined || !exists(logicalId, declared)) {
      throw new TemplateError(where, `there is no resource ${logicalId}`);
    }
    if (isCustom(declared.Type)) {
      throw new TemplateError(where, `the custom resource ${logicalId} has not run yet`);
    }
    const identity = identify({
      stack: stack.name,
      region,
      logicalId,
      type: declared.Type,
      property: (name) => {
        const value = evaluate(declared.Properties?.[name], scopeOf(`resource ${logicalId}`));
        return value === NO_VALUE ? undefined : value;
      },
      apiEndpoint: () => surroundings.apiEndpoint({ stack: stack.name, region, logicalId }),
    });
    identities.set(logicalId, identity);
    return identity;
  };

  const resources = orderResources(stack).flatMap((logicalId): ReadonlyArray<DeployedResource> => {
    const declared = template.Resources[logicalId];
    if (declared === undefined || !exists(logicalId, declared)) return [];
    const place = `resource ${logicalId}`;
    const properties = once(() => evaluateProperties(declared, scopeOf(place)));
    return [
      {
        stack: stack.name,
        region,
        logicalId,
        type: declared.Type,
        get physicalId() {
          return identityOf(logicalId, place).physicalId;
        },
        get attributes() {
          return identityOf(logicalId, place).attributes;
        },
        get properties() {
          return properties();
        },
      },
    ];
  });

  const outputs = Object.entries(template.Outputs ?? {});
  return {
    stack,
    resources,
    outputNames: outputs.map(([name]) => name),
    output: (name) => {
      const scope = scopeOf(`output ${name}`);
      const declared = template.Outputs?.[name];
      if (declared === undefined) throw new TemplateError(scope.where, 'there is no such output');
      const text = scalarText(evaluate(declared.Value, scope));
      if (text === undefined) throw new TemplateError(scope.where, 'the value must be text');
      return text;
    },
    exports: once(
      () =>
        new Map(
          outputs.flatMap(([name, { Export }]) =>
            Export === undefined
              ? []
              : [[String(evaluate(Export.Name, scopeOf(`output ${name}`))), name] as const],
          ),
        ),
    ),
    complete: (logicalId, identity) => {
      completed.set(logicalId, identity);
    },
  };
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

function evaluateProperties(declared: TemplateResource, scope: Scope) {
  return Object.fromEntries(
    Object.entries(declared.Properties ?? {})
      .map(([name, value]): [string, unknown] => [name, evaluate(value, scope)])
      .filter(([, value]) => value !== NO_VALUE),
  );
}

function mapping(stack: Stack, where: string, path: readonly [string, string, string]): unknown {
  let value: unknown = stack.template.Mappings;
  for (const step of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  }
  if (value === undefined) throw new TemplateError(where, `no mapping ${path.join(' → ')}`);
  return value;
}

/** Remembers the first answer; a failure is not remembered. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
