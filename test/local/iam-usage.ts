import { resolve } from 'node:path';
import { createAuthorizer, type ListedStatement } from '../../local/iam/authorizer.ts';
import type { GrantUsage } from '../../local/iam/usage.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { type Deployment, deploy } from '../../local/template/deployment.ts';
import type { Journey } from '../flows/every-journey.ts';
import { provideAssembly, type TestCloud } from '../harness/cloud.ts';

export interface UsageOfTemplate {
  readonly grants: ReadonlyArray<GrantUsage>;
  /**
   * Those that called by it, the quickest first, and then whoever may need it without a call; nobody
   * needs what was used while the cloud was deployed, or never.
   */
  readonly journeysOf: (statement: ListedStatement) => ReadonlyArray<Journey>;
}

/** Runs the journeys one after the other in a new cloud and notes which of them need which statement. */
export async function measureUsage(
  cloud: TestCloud,
  journeys: ReadonlyArray<Journey>,
): Promise<UsageOfTemplate> {
  const { authorizer } = cloud.cloud.infrastructure;
  const calling = new Map<string, Array<Journey>>();
  const others = new Map<string, Array<Journey>>();
  let before = callsBy(placeOf, authorizer.usage());
  let ownersBefore = callsBy(ownerOf, authorizer.usage());
  const known = new Set(before.keys());
  const tookMs = new Map<Journey, number>();
  for (const journey of journeys) {
    tookMs.set(journey, await runTimed(journey, cloud));
    const usage = authorizer.usage();
    const after = callsBy(placeOf, usage);
    const ownersAfter = callsBy(ownerOf, usage);
    const owners = new Map(usage.map((grant) => [placeOf(grant), grant.owner]));
    for (const [place, calls] of after) {
      if (known.has(place)) continue;
      const owner = owners.get(place) ?? '';
      const isCalled = calls !== before.get(place);
      // A container keeps what it has read: others of its journeys need it without a call.
      if (isCalled) append(calling, place, journey);
      else if (calling.has(place) && ownersAfter.get(owner) !== ownersBefore.get(owner)) {
        append(others, place, journey);
      }
    }
    before = after;
    ownersBefore = ownersAfter;
  }
  const quickestFirst = (a: Journey, b: Journey) => (tookMs.get(a) ?? 0) - (tookMs.get(b) ?? 0);
  return {
    grants: authorizer.usage(),
    journeysOf: ({ id, owner }) => {
      const place = placeOf({ statementId: id, owner });
      return [...(calling.get(place) ?? []).toSorted(quickestFirst), ...(others.get(place) ?? [])];
    },
  };
}

/** Cells share the ids of statements. */
function placeOf({ owner, statementId }: Pick<GrantUsage, 'owner' | 'statementId'>): string {
  return `${owner} ${statementId}`;
}

function ownerOf({ owner }: GrantUsage): string {
  return owner;
}

function append(lists: Map<string, Array<Journey>>, place: string, journey: Journey): void {
  lists.set(place, [...(lists.get(place) ?? []), journey]);
}

/** How long it took, in milliseconds. */
async function runTimed(journey: Journey, cloud: TestCloud): Promise<number> {
  const startedMs = performance.now();
  await journey.run(cloud);
  return performance.now() - startedMs;
}

/** Of the statements that have been used. */
function callsBy(
  subjectOf: (grant: GrantUsage) => string,
  usage: ReadonlyArray<GrantUsage>,
): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const grant of usage.filter((one) => one.calls > 0)) {
    const subject = subjectOf(grant);
    calls.set(subject, (calls.get(subject) ?? 0) + grant.calls);
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
