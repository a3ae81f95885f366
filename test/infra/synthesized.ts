import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { AssemblyTopology } from '../../local/synthesis.ts';
import type { Template, TemplateResource } from '../../local/types.ts';
import { AS_CLONED, provideTopology } from '../harness/assemblies.ts';

export const STACKS = [
  'Directory',
  'Data-eu',
  'Identity-eu',
  'Privacy-eu',
  'Operations-eu',
] as const;

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

/** The templates of one topology. */
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

/** With a domain: made together as soon as one of them is asked for. */
export const EDGES = {
  three: { cells: THREE_CELLS, ...DOMAIN },
  first: { cells: THREE_CELLS.slice(0, 1), ...DOMAIN },
  last: { cells: THREE_CELLS.slice(2), ...DOMAIN },
  secretChanged: { cells: THREE_CELLS, ...DOMAIN, edgeSecretGeneration: '3' },
} as const;

interface AppContext extends Readonly<Record<string, unknown>> {
  readonly cells: AssemblyTopology['cells'];
}

export async function synthesizeApp(context: AppContext): Promise<Synthesized> {
  const others = context['domain'] === undefined ? [] : Object.values(EDGES).map(toTopology);
  const { stacks } = new CloudAssembly(await provideTopology(toTopology(context), others));
  return describe(
    stacks.map(({ id, environment }) => ({ id, region: environment.region })),
    new Map(stacks.map((stack) => [stack.id, stack.template])),
  );
}

function toTopology({ cells, ...context }: AppContext): AssemblyTopology {
  return { cells, context };
}

/** As a clean clone without configuration synthesizes it. */
export const singleCell = await synthesizeApp(AS_CLONED);

export const threeCells = await synthesizeApp({ cells: THREE_CELLS });

/** Those of the single cell. */
export const { templateOf, resourcesOf, propertiesOf } = singleCell;

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
