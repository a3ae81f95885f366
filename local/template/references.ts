import type { Stack, Template } from '../types.ts';
import { isObject } from './json.ts';
import { TemplateError } from './template-error.ts';

/** Names that `Ref` and `Fn::Sub` know without a declaration. */
export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

/**
 * What CloudFormation checks before it creates anything: every reference has a target and no
 * resource needs itself. Returns the logical ids, each after those that it needs. Throws TemplateError.
 */
export function orderResources({ name, template }: Stack): ReadonlyArray<string> {
  requireTargets(name, template);
  const ordered: Array<string> = [];
  const done = new Set<string>();
  const visit = (logicalId: string, path: ReadonlyArray<string>): void => {
    if (done.has(logicalId)) return;
    if (path.includes(logicalId)) {
      const cycle = path.slice(path.indexOf(logicalId)).join(', ');
      throw new TemplateError(name, `Circular dependency between resources: [${cycle}]`);
    }
    for (const needed of neededBy(template, logicalId)) visit(needed, [...path, logicalId]);
    done.add(logicalId);
    ordered.push(logicalId);
  };
  for (const logicalId of Object.keys(template.Resources)) visit(logicalId, []);
  return ordered;
}

function neededBy(template: Template, logicalId: string): ReadonlyArray<string> {
  const resource = template.Resources[logicalId];
  const explicit = resource?.DependsOn ?? [];
  return [
    ...(typeof explicit === 'string' ? [explicit] : explicit),
    ...referencesIn(resource?.Properties),
  ].filter((name) => Object.hasOwn(template.Resources, name));
}

function requireTargets(stack: string, template: Template): void {
  const resources = new Set(Object.keys(template.Resources));
  const parameters = new Set(Object.keys(template.Parameters ?? {}));
  const refuseUnknown = (place: string, names: ReadonlyArray<string>): void => {
    const unknown = names.find(
      (name) => !resources.has(name) && !parameters.has(name) && !PSEUDO_PARAMETERS.has(name),
    );
    if (unknown === undefined) return;
    throw new TemplateError(stack, `Unresolved resource dependencies [${unknown}] in ${place}`);
  };
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    refuseUnknown(`resource ${logicalId}`, referencesIn(resource.Properties));
    const explicit = resource.DependsOn ?? [];
    refuseUnknown(
      `DependsOn of ${logicalId}`,
      typeof explicit === 'string' ? [explicit] : explicit,
    );
  }
  for (const [output, { Value }] of Object.entries(template.Outputs ?? {})) {
    refuseUnknown(`output ${output}`, referencesIn(Value));
  }
}

/** Names behind `Ref`, `Fn::GetAtt` and `Fn::Sub`, at any depth. */
function referencesIn(value: unknown): ReadonlyArray<string> {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref' && typeof argument === 'string') return [argument];
    if (name === 'Fn::GetAtt') return attributeOwner(argument);
    if (name === 'Fn::Sub') return namesInSub(argument);
  }
  return Object.values(value).flatMap(referencesIn);
}

function attributeOwner(argument: unknown): ReadonlyArray<string> {
  const owner = Array.isArray(argument) ? argument[0] : String(argument).split('.')[0];
  return typeof owner === 'string' ? [owner] : [];
}

function namesInSub(argument: unknown): ReadonlyArray<string> {
  const [template, own] = Array.isArray(argument) ? argument : [argument, {}];
  const names = isObject(own) ? own : {};
  const used = [...String(template).matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = '']) =>
    name.trim(),
  );
  return [
    ...used.filter((name) => !Object.hasOwn(names, name)).map((name) => name.split('.')[0] ?? name),
    ...referencesIn(Object.values(names)),
  ];
}
