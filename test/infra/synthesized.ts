import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../bin/domicile.ts';
import type { Template, TemplateResource } from '../../local/types.ts';

export const STACKS = ['Directory', 'Data-eu', 'Identity-eu', 'Operations-eu'] as const;
export type StackId = (typeof STACKS)[number];

export interface PolicyStatement {
  readonly role: string;
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | ReadonlyArray<string>;
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

let templates: ReadonlyMap<string, Template> | undefined;

/** The stack's template as a clean clone without configuration synthesizes it, code left out. */
export function templateOf(id: StackId): Template {
  templates ??= synthesize();
  const template = templates.get(id);
  if (template === undefined) throw new Error(`no stack ${id}`);
  return template;
}

export function resourcesOf(
  id: StackId,
  type: string,
): ReadonlyArray<readonly [logicalId: string, resource: TemplateResource]> {
  return Object.entries(templateOf(id).Resources).filter(([, resource]) => resource.Type === type);
}

/** Properties, for assertions that descend by path. */
export function propertiesOf(id: StackId, type: string): ReadonlyArray<Record<string, unknown>> {
  return resourcesOf(id, type).map(([, { Properties }]) => ({ ...Properties }));
}

/** Every statement of every role, with the role's function named by its logical id. */
export function roleStatements(): ReadonlyArray<PolicyStatement> {
  return STACKS.flatMap((id) =>
    resourcesOf(id, 'AWS::IAM::Role').flatMap(([role, { Properties }]) => {
      const policies = (Properties?.['Policies'] ?? []) as ReadonlyArray<{
        PolicyDocument: { Statement: ReadonlyArray<Omit<PolicyStatement, 'role'>> };
      }>;
      return policies.flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.map((statement) => ({ ...statement, role })),
      );
    }),
  );
}

export function actionsOf(statement: PolicyStatement): ReadonlyArray<string> {
  return typeof statement.Action === 'string' ? [statement.Action] : statement.Action;
}

function synthesize(): ReadonlyMap<string, Template> {
  const outdir = mkdtempSync(join(tmpdir(), 'domicile-synth-'));
  try {
    const assembly = createApp({
      outdir,
      bundling: false,
      checks: false,
      context: { cells: [{ name: 'eu' }] },
    }).synth();
    return new Map(assembly.stacks.map((stack) => [stack.id, stack.template]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
