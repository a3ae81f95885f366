import { resolve } from 'node:path';
import { createAuthorizer, type ListedStatement } from '../../local/iam/authorizer.ts';
import type { GrantUsage } from '../../local/iam/usage.ts';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type Deployment, deploy } from '../../local/template/deployment.ts';
import type { Journey } from '../flows/every-journey.ts';
import {
  provideAssembly,
  startTestCloud,
  type TestCloud,
  type TestCloudOptions,
} from '../harness/cloud.ts';

export interface UsageOfTemplate {
  readonly grants: ReadonlyArray<GrantUsage>;
  /**
   * By statement id, the quickest first; those without an entry were used while the cloud was
   * deployed, or never.
   */
  readonly journeysOf: ReadonlyMap<string, ReadonlyArray<Journey>>;
}

/** Runs the journeys one after the other and notes which of them need which statement. */
export async function measureUsage(
  journeys: ReadonlyArray<Journey>,
  options: TestCloudOptions = {},
): Promise<UsageOfTemplate> {
  const cloud = await startTestCloud(options);
  try {
    const { authorizer } = cloud.cloud.infrastructure;
    const journeysOf = new Map<string, Array<Journey>>();
    let before = callsBy('statementId', authorizer.usage());
    let ownersBefore = callsBy('owner', authorizer.usage());
    const known = new Set(before.keys());
    const tookMs = new Map<Journey, number>();
    for (const journey of journeys) {
      tookMs.set(journey, await runTimed(journey, cloud));
      const usage = authorizer.usage();
      const after = callsBy('statementId', usage);
      const ownersAfter = callsBy('owner', usage);
      const owners = new Map(usage.map(({ statementId, owner }) => [statementId, owner]));
      for (const [statementId, calls] of after) {
        if (known.has(statementId)) continue;
        const owner = owners.get(statementId) ?? '';
        // A container keeps what it has read: others of its journeys need it without a call.
        const isNeeded =
          calls !== before.get(statementId) ||
          (journeysOf.has(statementId) && ownersAfter.get(owner) !== ownersBefore.get(owner));
        if (isNeeded)
          journeysOf.set(statementId, [...(journeysOf.get(statementId) ?? []), journey]);
      }
      before = after;
      ownersBefore = ownersAfter;
    }
    const quickestFirst = (a: Journey, b: Journey) => (tookMs.get(a) ?? 0) - (tookMs.get(b) ?? 0);
    for (const needing of journeysOf.values()) needing.sort(quickestFirst);
    return { grants: authorizer.usage(), journeysOf };
  } finally {
    await cloud.close();
  }
}

/** How long it took, in milliseconds. */
async function runTimed(journey: Journey, cloud: TestCloud): Promise<number> {
  const startedMs = performance.now();
  await journey.run(cloud);
  return performance.now() - startedMs;
}

/** Of the statements that have been used. */
function callsBy(
  subject: 'statementId' | 'owner',
  usage: ReadonlyArray<GrantUsage>,
): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const grant of usage.filter((one) => one.calls > 0)) {
    calls.set(grant[subject], (calls.get(grant[subject]) ?? 0) + grant.calls);
  }
  return calls;
}

/** A statement, and in which region's stack it stands. */
export interface PlacedStatement extends ListedStatement {
  readonly region: string;
}

/** What roles, keys and functions hold by the template, read without deploying anything. */
export async function statementsOfTemplate(
  cells: ReadonlyArray<string> = ['eu'],
): Promise<ReadonlyArray<PlacedStatement>> {
  const url = 'http://localhost:4000';
  const addresses = { IssuerUrl: url, CellUrls: cells.map((cell) => `${cell}=${url}`).join(',') };
  const stacks = readAssembly(resolve(await provideAssembly(cells)), 'eu-central-1');
  const deployment = deploy(stacks, {
    apiEndpoint: () => url,
    ...(cells.length > 1 && { parameters: addresses }),
  });
  return createAuthorizer(deployment)
    .statements()
    .map((one) => ({ ...one, region: regionOfOwner(deployment, one.owner) }));
}

/** Roles have no region in their ARN; the stack that makes them has one. */
function regionOfOwner(deployment: Deployment, owner: string): string {
  const [, , , region = ''] = owner.split(':');
  if (region !== '') return region;
  const roles = deployment.byType('AWS::IAM::Role');
  return roles.find(({ attributes }) => attributes['Arn'] === owner)?.region ?? '';
}

/** Clouds of which one statement is taken away, for one test each. */
export interface ReducedClouds {
  /** Throws PolicyError when AWS would refuse such a template. */
  useWithout(statement: ListedStatement, use: (cloud: TestCloud) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * A cloud's policies are updated from the changed template while it runs, as CloudFormation would,
 * and everything else in it begins anew: containers, tables, logs. That spares a start per statement.
 */
export function createReducedClouds(options: TestCloudOptions = {}): ReducedClouds {
  const started: Array<TestCloud> = [];
  const idle: Array<TestCloud> = [];
  const start = async () => {
    const cloud = await startTestCloud(options);
    started.push(cloud);
    return cloud;
  };
  return {
    useWithout: async (statement, use) => {
      const cloud = idle.pop() ?? (await start());
      const { deployment, deployOptions, infrastructure } = cloud.cloud;
      const region = regionOfOwner(deployment, statement.owner);
      const reduced = deploy(deployment.stacks, {
        ...deployOptions,
        // Stacks of several cells have the same names.
        transformTemplate: (stack) =>
          stack.region === region ? withoutStatement(stack, statement.id) : stack,
      });
      try {
        infrastructure.authorizer.update(reduced);
        await cloud.reset();
        await use(cloud);
      } finally {
        infrastructure.authorizer.update(deployment);
        idle.push(cloud);
      }
    },
    close: async () => {
      await Promise.all(started.map((cloud) => cloud.close()));
    },
  };
}
