import { isObject } from '../template/json.ts';
import type { Stack, TemplateResource } from '../types.ts';
import { AWS_OWNED } from './policies.ts';
import { PolicyError } from './policy-error.ts';

/**
 * The stack as it would be had somebody forgotten one statement (`ListedStatement.id`). Stacks that
 * do not hold it come back as they are, so that this serves as `transformTemplate`. Throws
 * PolicyError when the id names no statement of the stack's template.
 */
export function withoutStatement(stack: Stack, statementId: string): Stack {
  const [, stackName, owner = '', policy = '', position] =
    /^([^/]+)\/([^/]+)\/(.+)#(\d+)$/.exec(statementId) ?? [];
  if (position === undefined) throw new PolicyError(statementId, 'is not the id of a statement');
  if (statementId.startsWith(AWS_OWNED)) {
    throw new PolicyError(statementId, "is AWS's own and in no template");
  }
  if (stackName !== stack.name) return stack;
  const { Resources } = stack.template;
  const refuse = (): never => {
    throw new PolicyError(statementId, 'is not in the template');
  };
  if (policy === 'Permission') return withoutResource(stack, owner, refuse);
  const holder = Resources[policy] === undefined ? owner : policy;
  const resource = Resources[holder] ?? refuse();
  const changed = withoutIndex(resource, policy, Number(position)) ?? refuse();
  return replaceResources(stack, { ...Resources, [holder]: changed });
}

function withoutIndex(
  resource: TemplateResource,
  policy: string,
  position: number,
): TemplateResource | undefined {
  const properties = resource.Properties ?? {};
  const property = policy === 'KeyPolicy' ? 'KeyPolicy' : 'PolicyDocument';
  if (resource.Type !== 'AWS::IAM::Role') {
    const document = withoutEntry(properties[property], position);
    return document && { ...resource, Properties: { ...properties, [property]: document } };
  }
  const inline: ReadonlyArray<unknown> = Array.isArray(properties['Policies'])
    ? properties['Policies']
    : [];
  let found = false;
  const Policies = inline.map((entry) => {
    if (!isObject(entry) || entry['PolicyName'] !== policy) return entry;
    const PolicyDocument = withoutEntry(entry['PolicyDocument'], position);
    found = PolicyDocument !== undefined;
    return { ...entry, PolicyDocument };
  });
  return found ? { ...resource, Properties: { ...properties, Policies } } : undefined;
}

function withoutEntry(document: unknown, position: number) {
  if (!isObject(document)) return undefined;
  const statements = document['Statement'];
  const list: ReadonlyArray<unknown> = Array.isArray(statements) ? statements : [statements];
  if (list[position] === undefined) return undefined;
  return { ...document, Statement: list.filter((_, index) => index !== position) };
}

/** A Lambda permission is a resource of its own; others that wait for it no longer do. */
function withoutResource(stack: Stack, logicalId: string, refuse: () => never): Stack {
  const { [logicalId]: removed, ...rest } = stack.template.Resources;
  if (removed?.Type !== 'AWS::Lambda::Permission') return refuse();
  return replaceResources(
    stack,
    Object.fromEntries(
      Object.entries(rest).map(([id, resource]) => {
        const { DependsOn, ...others } = resource;
        if (DependsOn === undefined) return [id, resource];
        const names = typeof DependsOn === 'string' ? [DependsOn] : DependsOn;
        return [id, { ...others, DependsOn: names.filter((name) => name !== logicalId) }];
      }),
    ),
  );
}

function replaceResources(
  stack: Stack,
  Resources: Readonly<Record<string, TemplateResource>>,
): Stack {
  return { ...stack, template: { ...stack.template, Resources } };
}
