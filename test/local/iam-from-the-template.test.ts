/**
 * Least privilege from both sides, by the policies of the template itself: nothing is granted that
 * no journey needs, and nothing that a journey needs could be left out.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import { PolicyError } from '../../local/iam/policy-error.ts';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import type { Stack } from '../../local/types.ts';
import { EVERY_JOURNEY, type Journey } from '../flows/every-journey.ts';
import { JOURNEYS_OF_AUDIT } from '../flows/journeys-of-audit.ts';
import { EVERY_ROTATION } from '../flows/journeys-of-operators.ts';
import { JOURNEYS_OF_PRIVACY } from '../flows/journeys-of-privacy.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  createReducedClouds,
  measureUsage,
  statementsOfTemplate,
  type UsageOfTemplate,
} from './iam-usage.ts';
import { judgeUnused } from './unused-grants.ts';

/** The trail is archived, so that its statement is used; exports still lie there at an erasure. */
const OPTIONS = { parameters: { AuditArchive: 'governance', ErasureGraceDays: '1' } };

let usage: UsageOfTemplate;
beforeAll(async () => {
  usage = await measureUsage(
    [...EVERY_JOURNEY, ...JOURNEYS_OF_AUDIT, ...EVERY_ROTATION, ...JOURNEYS_OF_PRIVACY],
    OPTIONS,
  );
}, 300_000);

test('every grant of the template was used by some journey, or has its reason', () => {
  const { unexplained, needlessReasons } = judgeUnused(usage.grants);
  expect(unexplained).toEqual([]);
  // A reason that no longer explains anything must go.
  expect(needlessReasons).toEqual([]);
});

/** Side by side: most of the time goes into waiting for containers to start. */
describe.concurrent('without one statement of the template', async () => {
  const clouds = createReducedClouds(OPTIONS);
  afterAll(clouds.close);
  // What a statement denies is missed by nobody: what the policies of buckets refuse is in s3-access.
  const statements = (await statementsOfTemplate())
    .filter(({ json }) => json['Effect'] === 'Allow')
    .map(
      (statement) => ({ title: titleOf(statement), kind: kindOf(statement), statement }) as const,
    );
  const ofKind = (kind: Kind) => statements.filter((one) => one.kind === kind);

  test.each([
    ['call', 35],
    ['log', 5],
    ['key administration', 5],
    ['route', 30],
  ] as const)('there are statements for each %s', (kind, count) => {
    expect(ofKind(kind).length).toBeGreaterThanOrEqual(count);
  });

  test.each(ofKind('log'))(
    '$title: the function works on and leaves no trace',
    async ({ statement }) => {
      const [journey] = usage.journeysOf(statement);
      const expectNoTrace = async (cloud: TestCloud) => {
        await journey?.run(cloud);
        const name = functionOf(statement, cloud);
        expect(writtenBy(name, cloud)).toEqual([]);
      };
      if (journey === undefined) await useDeployedWithout(statement, expectNoTrace);
      else await clouds.useWithout(statement, expectNoTrace);
    },
  );

  test.each(ofKind('key administration'))(
    '$title: AWS refuses a key that nobody could administer',
    async ({ statement }) => {
      const update = clouds.useWithout(statement, async () => undefined);
      await expect(update).rejects.toThrow(PolicyError);
      await expect(update).rejects.toThrow('not allow you to update the key policy');
    },
  );

  test.each(ofKind('route'))(
    '$title: the API answers 500, since it may not call the function',
    async ({ statement }) => {
      const { method, path } = routeOf(statement);
      await clouds.useWithout(statement, async (cloud) => {
        const url = cloud.issuer + path.replaceAll(/\{.*?\}/g, 'no-such-thing');
        const answer = await fetch(url, { method, redirect: 'manual' });
        expect(answer.status).toBe(500);
        const why = /^no AWS::Lambda::Permission lets API \S+ invoke it for (.+)$/;
        const [entry] = cloud.logs();
        expect(why.exec(String(entry?.message))?.[1]).toBe(`${method} ${path}`);
      });
    },
  );

  test.each(ofKind('call'))(
    '$title: what needs it fails, because access is denied',
    async ({ statement }) => {
      const journeys = usage.journeysOf(statement);
      if (journeys.length === 0) return expectNoDeployment(statement);
      await clouds.useWithout(statement, async (cloud) => {
        expect(await findStopped(cloud, journeys)).toBeDefined();
        // S3 says it without the last word.
        expect(cloud.calls().map(({ outcome }) => outcome)).toContainEqual(
          expect.stringMatching(/^AccessDenied(Exception)?$/),
        );
        expect(denialsAmong(cloud.logs().map(({ message }) => message))).toContainEqual(
          expect.stringContaining(deniedWithout(statement)),
        );
        expect(refusalsOf(cloud)).not.toEqual([]);
      });
    },
    // The journeys before the one that stops, on a busy machine.
    120_000,
  );
});

test('without what its rule may do, the hourly workflow is not started', async () => {
  const rules = (await statementsOfTemplate()).filter((one) => kindOf(one) === 'rule');
  expect(rules).toHaveLength(1);
  const [statement] = rules;
  const started = async (transformTemplate: (stack: Stack) => Stack) => {
    const cloud = await startTestCloud({ disabledRules: [], transformTemplate });
    await cloud.advance(3600);
    const runs = cloud.executions('domicile-audit').length;
    await cloud.close();
    return runs;
  };
  expect(await started((stack) => stack)).toBe(1);
  expect(await started((stack) => withoutStatement(stack, statement?.id ?? ''))).toBe(0);
});

/**
 * The first of the journeys that cannot be gone to its end. The first that uses a statement may not
 * be it: a keyring is opened beside the other one before anybody needs it.
 */
async function findStopped(
  cloud: TestCloud,
  journeys: ReadonlyArray<Journey>,
): Promise<Journey | undefined> {
  for (const journey of journeys) {
    const error = await journey.run(cloud).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error !== undefined) return journey;
  }
  return undefined;
}

/** What a statement is for, and so what its absence brings about. */
type Kind = 'rule' | 'call' | 'log' | 'key administration' | 'route' | 'after a crash';

function kindOf({ id, json }: ListedStatement): Kind {
  // A function's log stream is no call of its own: Lambda writes it with the function's role.
  if (json['Sid'] === 'WriteLog') return 'log';
  // These are shown to be needed where somebody is cut off, or the policy is another one.
  if (json['Sid'] === 'ListKeys' || json['Sid'] === 'ReadTags') return 'after a crash';
  if (/(Erasure|Export)SurfaceRole/.test(id) && json['Sid'] === 'AnswerWaitingTasks') {
    return 'after a crash';
  }
  if (json['Sid'] === 'KeepWithoutThePerson') return 'after a crash';
  // Off here; the rotation's rule is on, and a journey waits for it.
  if (/AuditWorkflow\w*EventsRole/.test(id)) return 'rule';
  if (id.endsWith('/Permission#0')) return 'route';
  return json['Action'] === 'kms:*' ? 'key administration' : 'call';
}

/** `Token SignRs256`, `DataKey UseThroughDynamoDb`, `POST /sign-in`. */
function titleOf(statement: ListedStatement): string {
  const { id, json } = statement;
  if (kindOf(statement) === 'route') {
    const { method, path } = routeOf(statement);
    return `permission for ${method} ${path}`;
  }
  const [, holder = id] = /\/([A-Za-z0-9]+?)(?:Role)?[0-9A-F]{8}\//.exec(id) ?? [];
  return `${holder} ${String(json['Sid'] ?? json['Action'])}`;
}

function routeOf({ id, json }: ListedStatement): { method: string; path: string } {
  const [, method, path] = /\/\*\/(GET|POST|PUT|DELETE)(\/[^"]*)"/.exec(JSON.stringify(json)) ?? [];
  if (method === undefined || path === undefined) throw new Error(`${id} is for no route`);
  return { method, path };
}

/** From the start on: what the deployment itself uses, custom resources and the seed. */
async function useDeployedWithout(
  statement: ListedStatement,
  use: (cloud: TestCloud) => Promise<void>,
): Promise<void> {
  const cloud = await startTestCloud({
    transformTemplate: (stack) => withoutStatement(stack, statement.id),
  });
  try {
    await use(cloud);
  } finally {
    await cloud.close();
  }
}

async function expectNoDeployment(statement: ListedStatement): Promise<void> {
  const warnings: Array<string> = [];
  const onWarning = (warning: string) => warnings.push(warning);
  const transformTemplate = (stack: Stack) => withoutStatement(stack, statement.id);
  await expect(startTestCloud({ transformTemplate, onWarning })).rejects.toThrow();
  expect(denialsAmong(warnings)).not.toEqual([]);
  const denied = deniedWithout(statement);
  expect(warnings.filter((warning) => !warning.includes(denied))).toEqual([]);
}

/** What a denial names: the role that lacks the statement, or the key that does. */
function deniedWithout({ kind, owner }: ListedStatement): string {
  if (kind === 'resource') return `on resource: ${owner} because`;
  const [, role = ''] = owner.split(':role/');
  return `assumed-role/${role}/`;
}

function denialsAmong(messages: ReadonlyArray<unknown>): ReadonlyArray<string> {
  return messages.map(String).filter((message) => /is not authorized to perform/.test(message));
}

function functionOf({ owner }: ListedStatement, cloud: TestCloud): string {
  const pools = [...cloud.cloud.infrastructure.functions.pools.values()];
  const pool = pools.find(({ definition }) => definition.roleArn === owner);
  if (pool === undefined) throw new Error(`no function has the role ${owner}`);
  return pool.definition.name;
}

/**
 * A workflow that has the function's name logs what happened by its own role, and the platform says
 * without any what it gave up.
 */
function writtenBy(name: string, cloud: TestCloud): ReadonlyArray<unknown> {
  const entries = cloud
    .logs()
    .filter((entry) => entry.function === name && entry.stream !== 'platform');
  return entries.filter(({ message }) => !JSON.stringify(message).includes('execution_arn'));
}

/**
 * Functions answer 5xx over HTTP; S3 refuses a link that a function has signed; the admin function
 * refuses whoever invokes it; a workflow fails or is not even started; news of a changed password
 * that did not leave are counted, since the change itself stands; a stream's consumer is said to fail
 * by the platform.
 */
function refusalsOf(cloud: TestCloud): ReadonlyArray<unknown> {
  const answers = cloud.cloud.requests().filter(({ status }) => status >= 500);
  const audits = cloud
    .logs()
    .filter(({ message }) =>
      /server_error|(PasswordChange|Erasure)NotTold/.test(JSON.stringify(message)),
    );
  const runs = cloud.cloud.executions().filter(({ status }) => status === 'FAILED');
  const unstarted = cloud
    .logs()
    .filter(({ message }) => /"outcome":"AccessDenied/.test(JSON.stringify(message)));
  const links = cloud
    .calls()
    .filter(({ service, outcome }) => service === 's3' && outcome === 'AccessDenied');
  const streams = cloud.logs().filter(({ stream }) => stream === 'platform');
  return [...answers, ...audits, ...runs, ...unstarted, ...links, ...streams];
}
