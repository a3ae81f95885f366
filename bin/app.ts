import { readFileSync } from 'node:fs';
import { App, type Environment } from 'aws-cdk-lib';
import type { PrivacyPolicy } from '../functions/core/privacy-policy.ts';
import { type Cell, otherCells, parseTopology, type Topology } from '../lib/config.ts';
import { EDGE_REGION } from '../lib/names.ts';
import { parsePrivacyPolicy } from '../lib/privacy-policy.ts';
import { DataStack } from '../lib/stacks/data-stack.ts';
import { DirectoryKeyStack } from '../lib/stacks/directory-key-stack.ts';
import { DirectoryStack } from '../lib/stacks/directory-stack.ts';
import { EdgeOriginStack } from '../lib/stacks/edge-origin-stack.ts';
import { EdgeSecretStack } from '../lib/stacks/edge-secret-stack.ts';
import { EdgeStack } from '../lib/stacks/edge-stack.ts';
import { IdentityStack } from '../lib/stacks/identity-stack.ts';
import { OperationsStack } from '../lib/stacks/operations-stack.ts';
import { PrivacyStack } from '../lib/stacks/privacy-stack.ts';
import { CONTEXT_KEYS } from '../lib/topology-context.ts';

export interface AppOptions {
  /** Where the cloud assembly goes; by default where the CDK CLI wants it. */
  readonly outdir?: string;
  /** Adds to and overrides the context of `cdk.json`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** `false` leaves the functions' code out: templates alone, in a fraction of the time. */
  readonly bundling?: boolean;
  /**
   * Whether CloudFormation's own rules are applied: most of the work of a synthesis, for nothing
   * where its yield is only read or run.
   */
  readonly checks?: boolean;
}

/**
 * Context → topology → stacks; `.synth()` writes the assembly. Needs no credentials. Throws
 * TopologyError when the context is no topology, PrivacyPolicyError when it has no privacy policy.
 */
export function createApp(options: AppOptions = {}): App {
  const { outdir, context, bundling = true, checks = false } = options;
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    analyticsReporting: false,
    builtinCloudFormationValidation: checks,
    context: readContext(),
    postCliContext: {
      // Says in the template where a function's code lies, for the local cloud.
      'aws:cdk:enable-asset-metadata': true,
      ...(bundling ? {} : { 'aws:cdk:bundling-stacks': [] }),
      ...context,
    },
  });
  const topology = parseTopology(
    Object.fromEntries(CONTEXT_KEYS.map((key) => [key, app.node.tryGetContext(key)])),
    process.env['CDK_DEFAULT_REGION'],
  );
  createStacks(app, topology, parsePrivacyPolicy(app.node.tryGetContext('privacy')));
  return app;
}

/** The directory's stacks, then those of each cell. Names that stacks share have to be in order. */
function createStacks(app: App, topology: Topology, privacyPolicy: PrivacyPolicy): void {
  const directory = createDirectory(app, topology);
  const edge = createEdge(app, topology);
  for (const cell of topology.cells) {
    const env = environment(cell.region);
    const data = new DataStack(app, `Data-${cell.name}`, {
      stackName: 'Domicile-Data',
      description: `Domicile: what the residents of ${cell.name} own`,
      env,
      cell,
      topology,
    });
    const identity = new IdentityStack(app, `Identity-${cell.name}`, {
      stackName: 'Domicile-Identity',
      description: `Domicile: the HTTP API and functions of ${cell.name}`,
      env,
      cell,
      topology,
      cellKeyArn: data.cellKeyArn,
      privacyPolicy,
    });
    // Functions name tables instead of importing them, so the order has to be said.
    identity.addStackDependency(directory);
    identity.addStackDependency(data);
    edge?.attach(cell, identity);
    const isPrimary = cell.name === topology.primary.name;
    new PrivacyStack(app, `Privacy-${cell.name}`, {
      stackName: 'Domicile-Privacy',
      description: `Domicile: consent, export, erasure and audit of ${cell.name}`,
      env,
      cell,
      topology,
      addresses: identity.addresses,
      cellKeyArn: data.cellKeyArn,
      dataStreamArn: data.streamArn,
      directoryStreamArn: isPrimary ? directory.streamArn : undefined,
      privacyPolicy,
    }).addStackDependency(identity);
    new OperationsStack(app, `Operations-${cell.name}`, {
      stackName: 'Domicile-Operations',
      description: `Domicile: alarms and dashboard of ${cell.name}`,
      env,
      cell,
      topology,
      apiId: identity.apiId,
    });
  }
}

/** The directory in the primary region; before it, the keys of its replicas in the others. */
function createDirectory(app: App, topology: Topology): DirectoryStack {
  const directory = new DirectoryStack(app, 'Directory', {
    stackName: 'Domicile-Directory',
    description: 'Domicile: what all cells share',
    env: environment(topology.primary.region),
    topology,
  });
  for (const cell of otherCells(topology, topology.primary)) {
    const key = new DirectoryKeyStack(app, `DirectoryKey-${cell.name}`, {
      stackName: 'Domicile-DirectoryKey',
      description: `Domicile: the key of the directory's replica for ${cell.name}`,
      env: environment(cell.region),
    });
    directory.addStackDependency(key);
  }
  return directory;
}

/** What a domain adds; nothing without one. */
function createEdge(app: App, topology: Topology) {
  const { domain, primary } = topology;
  if (domain === undefined) return undefined;
  const secret = new EdgeSecretStack(app, 'EdgeSecret', {
    stackName: 'Domicile-EdgeSecret',
    description: 'Domicile: what CloudFront proves itself with',
    env: environment(primary.region),
    topology,
    domain,
  });
  const edge = new EdgeStack(app, 'Edge', {
    stackName: 'Domicile-Edge',
    description: `Domicile: the hosts of ${domain.name}`,
    env: environment(EDGE_REGION),
    topology,
    domain,
  });
  return {
    /** Functions accept a new secret before distributions send it. */
    attach(cell: Cell, identity: IdentityStack): void {
      identity.addStackDependency(secret);
      const origin = new EdgeOriginStack(app, `EdgeOrigin-${cell.name}`, {
        stackName: 'Domicile-EdgeOrigin',
        description: `Domicile: where CloudFront finds ${cell.name}`,
        env: environment(cell.region),
        cell,
        topology,
        domain,
        apiId: identity.apiId,
      });
      edge.addStackDependency(origin);
    },
  };
}

/** The CLI hands over what `cdk.json` says; callers in process get the same feature flags. */
function readContext(): Record<string, unknown> {
  const file = readFileSync(new URL('../cdk.json', import.meta.url), 'utf8');
  const { context }: { context: Record<string, unknown> } = JSON.parse(file);
  return context;
}

/** Without a region the stacks deploy wherever the CLI's credentials point. */
function environment(region: string | undefined): Environment {
  const account = process.env['CDK_DEFAULT_ACCOUNT'];
  if (region === undefined) return {};
  return account === undefined ? { region } : { account, region };
}
