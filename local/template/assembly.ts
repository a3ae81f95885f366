import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack, Template } from '../types.ts';
import { isObject, type JsonObject, scalarText } from './json.ts';
import { TemplateError } from './template-error.ts';

interface StackArtifact {
  readonly id: string;
  readonly stack: Stack;
  readonly dependencies: ReadonlyArray<string>;
}

/**
 * Reads a cloud assembly (`cdk.out`), nested stages included: its stacks, each after those that it
 * depends on. `defaultRegion` stands in where a stack is environment-agnostic, as the CLI's profile
 * does. Throws TemplateError.
 */
export function readAssembly(directory: string, defaultRegion: string): ReadonlyArray<Stack> {
  const artifacts = readManifest(directory);
  const nested = artifacts
    .filter(([, artifact]) => artifact['type'] === 'cdk:cloud-assembly')
    .flatMap(([id, artifact]) =>
      readAssembly(join(directory, nestedName(id, artifact)), defaultRegion),
    );
  const own = artifacts
    .filter(([, artifact]) => artifact['type'] === 'aws:cloudformation:stack')
    .map(([id, artifact]) => readStack(directory, id, artifact, defaultRegion));
  return [...nested, ...inDependencyOrder(own, directory)];
}

function readManifest(directory: string): ReadonlyArray<[string, JsonObject]> {
  const manifest = readJson(join(directory, 'manifest.json'));
  if (!isObject(manifest['artifacts'])) {
    throw new TemplateError(join(directory, 'manifest.json'), 'not a cloud assembly: no artifacts');
  }
  return Object.entries(manifest['artifacts']).filter((entry): entry is [string, JsonObject] =>
    isObject(entry[1]),
  );
}

function nestedName(id: string, artifact: JsonObject): string {
  const properties = isObject(artifact['properties']) ? artifact['properties'] : {};
  return scalarText(properties['directoryName']) ?? id;
}

function readStack(
  directory: string,
  id: string,
  artifact: JsonObject,
  defaultRegion: string,
): StackArtifact {
  const properties = isObject(artifact['properties']) ? artifact['properties'] : {};
  const templateFile = scalarText(properties['templateFile']) ?? `${id}.template.json`;
  const file = join(directory, templateFile);
  const template: unknown = readJson(file);
  requireTemplate(template, file);
  const dependencies = Array.isArray(artifact['dependencies']) ? artifact['dependencies'] : [];
  return {
    id,
    dependencies: dependencies.map(String),
    stack: {
      name: scalarText(properties['stackName']) ?? id,
      region: regionOf(artifact, defaultRegion),
      template,
      assemblyDirectory: directory,
    },
  };
}

/** `aws://ACCOUNT/REGION`, with `unknown-region` for an environment-agnostic stack. */
function regionOf(artifact: JsonObject, defaultRegion: string): string {
  const region = scalarText(artifact['environment'])?.split('/').at(-1) ?? '';
  return region === '' || region === 'unknown-region' ? defaultRegion : region;
}

function requireTemplate(value: unknown, file: string): asserts value is Template {
  const resources = isObject(value) ? value['Resources'] : undefined;
  if (!isObject(resources)) throw new TemplateError(file, 'a template must hold Resources');
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (!isObject(resource) || typeof resource['Type'] !== 'string') {
      throw new TemplateError(`${file}, ${logicalId}`, 'a resource must have a Type');
    }
  }
}

function inDependencyOrder(
  artifacts: ReadonlyArray<StackArtifact>,
  directory: string,
): ReadonlyArray<Stack> {
  const byId = new Map(artifacts.map((artifact) => [artifact.id, artifact]));
  const ordered: Array<Stack> = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = ({ id, stack, dependencies }: StackArtifact): void => {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      throw new TemplateError(directory, `stack ${id} depends on itself`);
    }
    state.set(id, 'open');
    for (const dependency of dependencies) {
      const artifact = byId.get(dependency);
      if (artifact !== undefined) visit(artifact);
    }
    state.set(id, 'done');
    ordered.push(stack);
  };
  artifacts.forEach(visit);
  return ordered;
}

function readJson(file: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new TemplateError(file, reason);
  }
  if (!isObject(value)) throw new TemplateError(file, 'is not a JSON object');
  return value;
}
