/** Functions that do as they are told, with roles that may do too much. */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isObject } from '../../local/template/json.ts';
import type { Stack, TemplateResource } from '../../local/types.ts';

/** Calls whatever it is told to, with the credentials that the function has. */
const OBEDIENT = `
export async function handler({ service, region, target, body }) {
  const { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: key } = process.env;
  const scope = \`\${key}/20260101/\${region}/\${service}/aws4_request\`;
  const headers = {
    authorization: \`AWS4-HMAC-SHA256 Credential=\${scope}, SignedHeaders=host, Signature=0\`,
    'x-amz-target': target,
  };
  const path = service === 'lambda' ? target : '/';
  const content = service === 'ses' ? new URLSearchParams(body).toString() : JSON.stringify(body);
  const answer = await fetch(url + path, { method: 'POST', headers, body: content });
  return { status: answer.status, body: await answer.text() };
}
`;

/** What nobody should ever grant. */
const EVERYTHING = {
  PolicyName: 'far-too-much',
  PolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: '*', Resource: '*' }],
  },
};

const GUARDS = ['StayInRegion', 'OnlyClaimsAbroad'];
/** By their names in the template; the others are needed to start at all. */
const OBEYING = /^(Token|Interaction|Account)Surface/;

export interface Corruption {
  /** An empty directory. */
  readonly bundle: string;
  /** Where roles have lost their Deny besides. */
  readonly unguarded: string;
}

/** For `transformTemplate`: every function's role may do everything, and some functions obey. */
export function corruptEverywhere({ bundle, unguarded }: Corruption): (stack: Stack) => Stack {
  writeFileSync(join(bundle, 'index.mjs'), OBEDIENT);
  return (stack) => {
    const { region, template } = stack;
    const change = (id: string, resource: TemplateResource): TemplateResource => {
      if (resource.Type === 'AWS::IAM::Role') {
        return isOfFunction(resource) ? widen(resource, region === unguarded) : resource;
      }
      const isObeying = resource.Type === 'AWS::Lambda::Function' && OBEYING.test(id);
      return isObeying
        ? replaceBundle(resource, relative(stack.assemblyDirectory, bundle))
        : resource;
    };
    const Resources = Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => [id, change(id, resource)]),
    );
    return { ...stack, template: { ...template, Resources } };
  };
}

function isOfFunction({ Properties = {} }: TemplateResource): boolean {
  return JSON.stringify(Properties['AssumeRolePolicyDocument']).includes('lambda.amazonaws.com');
}

function widen(role: TemplateResource, isUnguarded: boolean): TemplateResource {
  const { Properties = {} } = role;
  const policies = listOf(Properties['Policies']);
  const kept = isUnguarded ? policies.map(withoutGuards) : policies;
  return { ...role, Properties: { ...Properties, Policies: [...kept, EVERYTHING] } };
}

function withoutGuards(policy: unknown): unknown {
  if (!isObject(policy) || !isObject(policy['PolicyDocument'])) return policy;
  const document = policy['PolicyDocument'];
  const Statement = listOf(document['Statement']).filter(
    (statement) => !(isObject(statement) && GUARDS.includes(String(statement['Sid']))),
  );
  return { ...policy, PolicyDocument: { ...document, Statement } };
}

function listOf(value: unknown): ReadonlyArray<unknown> {
  return Array.isArray(value) ? value : [];
}

function replaceBundle(resource: TemplateResource, path: string): TemplateResource {
  return { ...resource, Metadata: { ...resource.Metadata, 'aws:asset:path': path } };
}
