/**
 * Least privilege from both sides, by the policies of the template itself: nothing is granted that
 * no journey needs, and nothing that a journey needs could be left out.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import { PolicyError } from '../../local/iam/policy-error.ts';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import type { Stack } from '../../local/types.ts';
import { JOURNEYS_OF_AUDIT } from '../flows/journeys-of-audit.ts';
import { EVERY_ROTATION } from '../flows/journeys-of-operators.ts';
import { JOURNEYS_OF_PRIVACY } from '../flows/journeys-of-privacy.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { deployWithout, type FailedDeployments } from './deploying-without.ts';
import { statementsOfTemplate } from './iam-usage.ts';
import { JOURNEYS_IN_ORDER, named } from './journeys-in-order.ts';
import { type Kind, kindOf, routeOf, titleOf } from './kinds-of-statements.ts';
import { denialsAmong, deniedWithout } from './shortfall.ts';
import { judgeUnused } from './unused-grants.ts';
import { type Walk, walkWithout } from './walking-without.ts';

/** The trail is archived, so that its statement is used; exports still lie there at an erasure. */
const OPTIONS = { parameters: { AuditArchive: 'governance', ErasureGraceDays: '1' } };

let walk: Walk;
let undeployed: FailedDeployments;
beforeAll(async () => {
  const isForCall = (one: ListedStatement) => kindOf(one) === 'call';
  undeployed = await deployWithout(isForCall);
  walk = await walkWithout(isForCall, JOURNEYS_IN_ORDER, OPTIONS);
}, 600_000);
afterAll(() => walk.cloud.close());

test('every grant of the template was used by some journey, or has its reason', () => {
  const { unexplained, needlessReasons } = judgeUnused(walk.grants);
  expect(unexplained).toEqual([]);
  // A reason that no longer explains anything must go.
  expect(needlessReasons).toEqual([]);
});

describe('without one statement of the template', async () => {
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

  describe('that lets a function write its log', () => {
    let traceless: TestCloud;
    beforeAll(async () => {
      traceless = await workWithoutLogs(ofKind('log').map(({ statement }) => statement));
    }, 300_000);
    afterAll(() => traceless.close());

    test('each is of another role, so that one cloud can lack them all', () => {
      const owners = ofKind('log').map(({ statement }) => statement.owner);
      expect(owners).toEqual([...new Set(owners)]);
    });

    test.each(ofKind('log'))(
      '$title: the function works on and leaves no trace',
      ({ statement }) => {
        const name = functionOf(statement, traceless);
        expect(walk.writers).toContain(name);
        const calls = traceless.calls().filter(({ principal }) => principal === name);
        expect(calls.map(({ outcome }) => outcome)).toContain('ok');
        expect(writtenBy(name, traceless)).toEqual([]);
      },
    );
  });

  test.each(ofKind('key administration'))(
    '$title: AWS refuses a key that nobody could administer',
    ({ statement }) => {
      const update = () => walk.cloud.cloud.infrastructure.authorizer.without(statement.id);
      expect(update).toThrow(PolicyError);
      expect(update).toThrow('not allow you to update the key policy');
    },
  );

  test.each(ofKind('route'))(
    '$title: the API answers 500, since it may not call the function',
    async ({ statement }) => {
      const { method, path } = routeOf(statement);
      const { cloud } = walk;
      useWithout(statement, cloud);
      const url = cloud.issuer + path.replaceAll(/\{.*?\}/g, 'no-such-thing');
      const answer = await fetch(url, { method, redirect: 'manual' });
      expect(answer.status).toBe(500);
      const why = /^no AWS::Lambda::Permission lets API \S+ invoke it for (.+)$/;
      const [entry] = cloud.logs();
      expect(why.exec(String(entry?.message))?.[1]).toBe(`${method} ${path}`);
    },
  );

  test.each(ofKind('call'))(
    '$title: what needs it fails, because access is denied',
    async ({ statement }) => {
      if (walk.isForDeployment(statement)) return expectNoDeployment(statement);
      const shortfall = walk.shortfallOf(statement);
      // S3 says it without the last word.
      expect(shortfall?.outcomes).toContainEqual(
        expect.stringMatching(/^AccessDenied(Exception)?$/),
      );
      expect(shortfall?.denials).toContainEqual(expect.stringContaining(deniedWithout(statement)));
      expect(shortfall?.refusals).not.toEqual([]);
    },
  );
});

test('without what its rule may do, the hourly workflow is not started', async () => {
  const cloud = await startTestCloud({ disabledRules: [], isNew: true });
  try {
    const rules = cloud.cloud.infrastructure.authorizer
      .statements()
      .filter((one) => kindOf(one) === 'rule');
    expect(rules).toHaveLength(1);
    const runsAfterAnHour = async () => {
      await cloud.advance(3600);
      return cloud.executions('domicile-audit').length;
    };
    expect(await runsAfterAnHour()).toBe(1);
    expect(await runsAfterAnHour()).toBe(2);
    for (const rule of rules) useWithout(rule, cloud);
    expect(await runsAfterAnHour()).toBe(2);
  } finally {
    await cloud.close();
  }
});

/** Until it is used without another one. */
function useWithout(statement: ListedStatement, cloud: TestCloud): void {
  const { authorizer } = cloud.cloud.infrastructure;
  const policies = authorizer.without(statement.id);
  authorizer.interpose((query) => policies.authorize(query));
}

/** All functions have worked, none of which may write a log. */
async function workWithoutLogs(statements: ReadonlyArray<ListedStatement>): Promise<TestCloud> {
  const cloud = await startTestCloud({
    ...OPTIONS,
    transformTemplate: (stack) =>
      statements.reduce((reduced, { id }) => withoutStatement(reduced, id), stack),
  });
  const journeys = [
    ...named(JOURNEYS_OF_AUDIT, 'the audit trail'),
    ...named(EVERY_ROTATION, 'an operator revokes'),
    ...named(JOURNEYS_OF_PRIVACY, 'an export that an administrator', 'an erasure undone by the'),
  ];
  for (const journey of journeys) await journey.run(cloud);
  return cloud;
}

async function expectNoDeployment(statement: ListedStatement): Promise<void> {
  const warnings = undeployed.get(statement.id) ?? (await failToStart(statement));
  expect(denialsAmong(warnings)).not.toEqual([]);
  const denied = deniedWithout(statement);
  expect(warnings.filter((warning) => !warning.includes(denied))).toEqual([]);
}

/** Of what services ask for as they start, before anything is deployed to them. */
async function failToStart(statement: ListedStatement): Promise<ReadonlyArray<string>> {
  const warnings: Array<string> = [];
  const onWarning = (warning: string) => warnings.push(warning);
  const transformTemplate = (stack: Stack) => withoutStatement(stack, statement.id);
  const starting = startTestCloud({ transformTemplate, onWarning }).then(({ close }) => close());
  await expect(starting).rejects.toThrow();
  return warnings;
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
