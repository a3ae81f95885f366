import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../bin/domicile.ts';
import type { Template, TemplateResource } from '../../local/types.ts';

export const STACKS = [
  'Directory',
  'Data-eu',
  'Identity-eu',
  'Privacy-eu',
  'Operations-eu',
] as const;
export type StackId = (typeof STACKS)[number];

/** Three cells, the first one primary. */
export const THREE_CELLS = [
  { name: 'eu', region: 'eu-central-1' },
  { name: 'us', region: 'us-east-1' },
  { name: 'ap', region: 'ap-southeast-2' },
] as const;

/** What of the context a deployment with a domain has beside its cells. */
export const DOMAIN = { domain: 'id.example.com', hostedZoneId: 'Z0123456789' };

export interface PolicyStatement {
  readonly stack: string;
  /** Logical id. */
  readonly role: string;
  /** Of the function that has the role: `token`; a role of no function keeps its logical id. */
  readonly holder: string;
  readonly Sid: string;
  readonly Effect: string;
  readonly Action?: string | ReadonlyArray<string>;
  readonly NotAction?: string | ReadonlyArray<string>;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The templates of one topology, code left out. */
export interface Synthesized {
  /** In the order of their dependencies. */
  readonly stacks: ReadonlyArray<{ readonly id: string; readonly region: string }>;
  templateOf(id: string): Template;
  resourcesOf(
    id: string,
    type: string,
  ): ReadonlyArray<readonly [logicalId: string, resource: TemplateResource]>;
  /** Properties, for assertions that descend by path. */
  propertiesOf(id: string, type: string): ReadonlyArray<Record<string, unknown>>;
  /** Every statement of every role. */
  roleStatements(): ReadonlyArray<PolicyStatement>;
}

/** Of every context that a test of this process has asked for. */
const known = new Map<string, Synthesized>();

export function synthesizeApp(context: Readonly<Record<string, unknown>>): Synthesized {
  const name = JSON.stringify(context);
  const found = known.get(name) ?? synthesize(context);
  known.set(name, found);
  return found;
}

function synthesize(context: Readonly<Record<string, unknown>>): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'domicile-synth-'));
  try {
    const { stacks } = createApp({ outdir, bundling: false, checks: false, context }).synth();
    const templates = new Map(stacks.map((stack) => [stack.id, stack.template]));
    return describe(
      stacks.map(({ id, environment }) => ({ id, region: environment.region })),
      templates,
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** As a clean clone without configuration synthesizes it. */
export function singleCell(): Synthesized {
  return synthesizeApp({ cells: [{ name: 'eu' }] });
}

export function threeCells(): Synthesized {
  return synthesizeApp({ cells: THREE_CELLS });
}

/** Of the single cell. */
export function templateOf(id: StackId): Template {
  return singleCell().templateOf(id);
}

export function resourcesOf(id: StackId, type: string) {
  return singleCell().resourcesOf(id, type);
}

export function propertiesOf(id: StackId, type: string) {
  return singleCell().propertiesOf(id, type);
}

export function actionsOf({ Action: action = [] }: PolicyStatement): ReadonlyArray<string> {
  return [action].flat();
}

/** Variables of the functions behind a cell's API. */
export function environmentsOf(
  { propertiesOf }: Pick<Synthesized, 'propertiesOf'>,
  cell: string,
): ReadonlyArray<Readonly<Record<string, unknown>>> {
  return propertiesOf(`Identity-${cell}`, 'AWS::Lambda::Function')
    .map(({ Environment: environment }) => environment as { Variables: Record<string, unknown> })
    .map(({ Variables: variables }) => variables)
    .filter((variables) => variables['ISSUER'] !== undefined);
}

function describe(
  stacks: Synthesized['stacks'],
  templates: ReadonlyMap<string, Template>,
): Synthesized {
  function templateOf(id: string): Template {
    const template = templates.get(id);
    if (template === undefined) throw new Error(`no stack ${id}`);
    return template;
  }
  const resourcesOf = (id: string, type: string) =>
    Object.entries(templateOf(id).Resources).filter(([, resource]) => resource.Type === type);
  const propertiesOf = (id: string, type: string) =>
    resourcesOf(id, type).map(([, { Properties }]) => ({ ...Properties }));
  const roleStatements = () =>
    stacks.flatMap(({ id }) =>
      resourcesOf(id, 'AWS::IAM::Role').flatMap(([role, resource]) => {
        const holder = holderOf(role, propertiesOf(id, 'AWS::Lambda::Function'));
        return statementsOf(resource).map((one) => ({ ...one, stack: id, role, holder }));
      }),
    );
  return { stacks, templateOf, resourcesOf, propertiesOf, roleStatements };
}

function statementsOf({ Properties }: TemplateResource) {
  const policies = (Properties?.['Policies'] ?? []) as ReadonlyArray<{
    PolicyDocument: {
      Statement: ReadonlyArray<Omit<PolicyStatement, 'stack' | 'role' | 'holder'>>;
    };
  }>;
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function holderOf(role: string, functions: ReadonlyArray<Record<string, unknown>>): string {
  const held = functions.find((fn) => JSON.stringify(fn['Role']).includes(`"${role}"`));
  return held === undefined ? role : String(held['FunctionName']).replace('domicile-', '');
}
