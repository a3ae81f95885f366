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
}

/** Runs the journeys one after the other and notes which grants they need. */
export async function measureUsage(
  journeys: ReadonlyArray<Journey>,
  options: TestCloudOptions = {},
): Promise<UsageOfTemplate> {
  const cloud = await startTestCloud({ ...options, isNew: true });
  try {
    for (const journey of journeys) await journey.run(cloud);
    return { grants: cloud.cloud.infrastructure.authorizer.usage() };
  } finally {
    await cloud.close();
  }
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
