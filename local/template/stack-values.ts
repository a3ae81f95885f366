import type { DeployedResource, Stack, TemplateResource } from '../types.ts';
import { evaluate, evaluateCondition, NO_VALUE, type Scope } from './intrinsics.ts';
import type { ParameterValues } from './parameters.ts';
import { ACCOUNT_ID, PARTITION, stackArn, URL_SUFFIX } from './physical-ids.ts';
import { type Identity, identify } from './resource-kinds.ts';
import { TemplateError } from './template-error.ts';

/** What a stack asks of the others and of whoever runs them. */
export interface Surroundings {
  importValue(exportName: string, region: string, where: string): string;
  stackOutput(stackName: string, outputName: string, region: string, where: string): string;
  apiEndpoint(api: Pick<DeployedResource, 'stack' | 'region' | 'logicalId'>): string | undefined;
}

/** What the names of one template stand for, worked out when asked. Throws TemplateError. */
export class StackValues {
  readonly #stack: Stack;
  readonly #parameters: ParameterValues;
  readonly #surroundings: Surroundings;
  readonly #pseudo: Readonly<Record<string, unknown>>;
  readonly #identities = new Map<string, Identity>();
  readonly #openConditions = new Set<string>();

  constructor(stack: Stack, parameters: ParameterValues, surroundings: Surroundings) {
    this.#stack = stack;
    this.#parameters = parameters;
    this.#surroundings = surroundings;
    this.#pseudo = {
      'AWS::AccountId': ACCOUNT_ID,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': PARTITION,
      'AWS::Region': stack.region,
      'AWS::StackId': stackArn(stack.name, stack.region),
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': URL_SUFFIX,
    };
  }

  /** What intrinsics see at `place`, which errors name. */
  scope(place: string): Scope {
    const where = `stack ${this.#stack.name}, ${place}`;
    const { region } = this.#stack;
    return {
      where,
      region,
      ref: (name) => this.#reference(name, where),
      attribute: (logicalId, attribute) => this.#attribute(logicalId, attribute, where),
      condition: (name) => this.#condition(name, where),
      mapping: (...path) => this.#mapping(path, where),
      importValue: (name) => this.#surroundings.importValue(name, region, where),
      stackOutput: (name, output, of) => this.#surroundings.stackOutput(name, output, of, where),
    };
  }

  /** A resource with a false condition is not created. */
  exists(logicalId: string): boolean {
    const declared = this.#stack.template.Resources[logicalId];
    if (declared === undefined) return false;
    const { Condition } = declared;
    return (
      Condition === undefined ||
      this.#condition(Condition, `stack ${this.#stack.name}, resource ${logicalId}`)
    );
  }

  identity(logicalId: string, where = `stack ${this.#stack.name}`): Identity {
    const known = this.#identities.get(logicalId);
    if (known !== undefined) return known;
    const declared = this.#stack.template.Resources[logicalId];
    if (declared === undefined || !this.exists(logicalId)) {
      throw new TemplateError(where, `there is no resource ${logicalId}`);
    }
    if (isCustom(declared.Type)) {
      throw new TemplateError(where, `the custom resource ${logicalId} has not run yet`);
    }
    const identity = this.#identify(logicalId, declared);
    this.#identities.set(logicalId, identity);
    return identity;
  }

  /** Gives a custom resource what its provider answered. */
  complete(logicalId: string, identity: Identity): void {
    this.#identities.set(logicalId, identity);
  }

  properties(logicalId: string): Readonly<Record<string, unknown>> {
    const scope = this.scope(`resource ${logicalId}`);
    return Object.fromEntries(
      Object.entries(this.#stack.template.Resources[logicalId]?.Properties ?? {})
        .map(([name, value]): [string, unknown] => [name, evaluate(value, scope)])
        .filter(([, value]) => value !== NO_VALUE),
    );
  }

  #identify(logicalId: string, declared: TemplateResource): Identity {
    const { name: stack, region } = this.#stack;
    return identify({
      stack,
      region,
      logicalId,
      type: declared.Type,
      property: (name) => {
        const value = evaluate(declared.Properties?.[name], this.scope(`resource ${logicalId}`));
        return value === NO_VALUE ? undefined : value;
      },
      apiEndpoint: () => this.#surroundings.apiEndpoint({ stack, region, logicalId }),
    });
  }

  #reference(name: string, where: string): unknown {
    if (Object.hasOwn(this.#pseudo, name)) return this.#pseudo[name];
    return this.#parameters[name] ?? this.identity(name, where).physicalId;
  }

  #attribute(logicalId: string, attribute: string, where: string): string {
    const value = this.identity(logicalId, where).attributes[attribute];
    if (value !== undefined) return value;
    const type = this.#stack.template.Resources[logicalId]?.Type ?? '';
    throw new TemplateError(where, `${logicalId} (${type}) has no attribute ${attribute}`);
  }

  #condition(name: string, where: string): boolean {
    const expression = this.#stack.template.Conditions?.[name];
    if (expression === undefined) throw new TemplateError(where, `there is no condition ${name}`);
    if (this.#openConditions.has(name)) {
      throw new TemplateError(where, `condition ${name} needs itself`);
    }
    this.#openConditions.add(name);
    try {
      return evaluateCondition(expression, this.scope(`condition ${name}`));
    } finally {
      this.#openConditions.delete(name);
    }
  }

  #mapping(path: ReadonlyArray<string>, where: string): unknown {
    let value: unknown = this.#stack.template.Mappings;
    for (const step of path) {
      value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
    }
    if (value === undefined) throw new TemplateError(where, `no mapping ${path.join(' → ')}`);
    return value;
  }
}

/** Made by a function of the template itself: only its answer gives it an identity. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
