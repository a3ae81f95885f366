import type { DeployedResource, Stack } from '../types.ts';
import { type DeployedStack, deployStack } from './deployed-stack.ts';
import { requireKnownParameters, resolveParameters, shownParameters } from './parameters.ts';
import { isCustom, type Surroundings } from './stack-values.ts';
import { TemplateError } from './template-error.ts';

export interface DeployOptions {
  /** `Name` or `Stack:Name` → value; what is missing takes its default. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** URL of an HTTP API without trailing slash; otherwise AWS's own form. */
  readonly apiEndpoint?: (
    api: Pick<DeployedResource, 'stack' | 'region' | 'logicalId'>,
  ) => string | undefined;
  /** For tests: changes a stack before it is deployed, such as `withoutStatement`. */
  readonly transformTemplate?: (stack: Stack) => Stack;
}

/** The stacks as they would stand in the account. Values are resolved when read; see TemplateError. */
export interface Deployment {
  readonly stacks: ReadonlyArray<Stack>;
  /** Each after those that it needs, across stacks too. */
  readonly resources: ReadonlyArray<DeployedResource>;
  byType(type: string): ReadonlyArray<DeployedResource>;
  /** Cells share stack names, each in its own region; without one, the first found. */
  find(stack: string, logicalId: string, region?: string): DeployedResource | undefined;
  /** Found by `Fn::GetAtt Arn`. */
  findByArn(arn: string): DeployedResource | undefined;
  /** `outputs.Identity.IssuerUrl`; resolved when read. Of cells that share names, the last one's. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Effective values per stack, `****` where NoEcho. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Custom resources that have no answer yet, in the order in which to run them. */
  pendingCustomResources(): ReadonlyArray<DeployedResource>;
  /** Gives a custom resource what its provider answered (`PhysicalResourceId`, `Data`). */
  complete(
    resource: Pick<DeployedResource, 'stack' | 'region' | 'logicalId'>,
    physicalId: string,
    data?: Readonly<Record<string, string>>,
  ): void;
}

/** Throws ParameterError for what an operator got wrong, TemplateError for what the template got wrong. */
export function deploy(stacks: ReadonlyArray<Stack>, options: DeployOptions = {}): Deployment {
  const { parameters: given = {}, transformTemplate = (stack: Stack) => stack } = options;
  const transformed = stacks.map(transformTemplate);
  requireKnownParameters(transformed, given);
  const values = new Map(transformed.map((stack) => [stack, resolveParameters(stack, given)]));

  const deployed: Array<DeployedStack> = [];
  const surroundings = surroundingsOf(deployed, options);
  for (const stack of transformed) {
    deployed.push(deployStack(stack, values.get(stack) ?? {}, surroundings));
  }
  const owners = new Map(
    deployed.flatMap((stack) => stack.resources.map((resource) => [resource, stack] as const)),
  );
  const resources = [...owners.keys()];
  const done = new Set<DeployedResource>();
  const find = (stack: string, logicalId: string, region?: string): DeployedResource | undefined =>
    resources.find(
      (resource) =>
        resource.stack === stack &&
        resource.logicalId === logicalId &&
        (region === undefined || resource.region === region),
    );

  return {
    stacks: transformed,
    resources,
    byType: (type) => resources.filter((resource) => resource.type === type),
    find,
    findByArn: (arn) =>
      resources.find((resource) => !isCustom(resource.type) && resource.attributes['Arn'] === arn),
    outputs: Object.fromEntries(deployed.map((one) => [one.stack.name, lazyOutputs(one)])),
    parameters: Object.fromEntries(
      transformed.map((stack) => [stack.name, shownParameters(stack, values.get(stack) ?? {})]),
    ),
    pendingCustomResources: () =>
      resources.filter((resource) => isCustom(resource.type) && !done.has(resource)),
    complete: ({ stack, region, logicalId }, physicalId, data = {}) => {
      const resource = find(stack, logicalId, region);
      if (resource === undefined || !isCustom(resource.type)) {
        throw new TemplateError(`stack ${stack}`, `${logicalId} is no custom resource`);
      }
      done.add(resource);
      owners.get(resource)?.values.complete(logicalId, { physicalId, attributes: data });
    },
  };
}

function surroundingsOf(
  deployed: ReadonlyArray<DeployedStack>,
  { apiEndpoint }: DeployOptions,
): Surroundings {
  return {
    importValue: (exportName, region, where) => {
      for (const other of deployed.filter(({ stack }) => stack.region === region)) {
        const output = other.exports().get(exportName);
        if (output !== undefined) return other.output(output);
      }
      throw new TemplateError(where, `No export named ${exportName} found in ${region}`);
    },
    stackOutput: (stackName, output, region, where) => {
      const other = deployed.find(
        ({ stack }) => stack.name === stackName && stack.region === region,
      );
      if (other === undefined) {
        throw new TemplateError(where, `there is no stack ${stackName} in ${region}`);
      }
      return other.output(output);
    },
    apiEndpoint: (api) => apiEndpoint?.(api),
  };
}

/** Getters, so that an output that needs a custom resource does not stop the others. */
function lazyOutputs(deployed: DeployedStack): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const name of deployed.outputNames) {
    Object.defineProperty(outputs, name, { enumerable: true, get: () => deployed.output(name) });
  }
  return outputs;
}
