import { resolve } from 'node:path';
import { createAuthorizer, type ListedStatement } from '../../local/iam/authorizer.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type Deployment, deploy } from '../../local/template/deployment.ts';
import { provideAssembly } from '../harness/assemblies.ts';

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
