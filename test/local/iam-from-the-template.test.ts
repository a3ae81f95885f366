/**
 * Least privilege from both sides, by the policies of the template itself: nothing is granted that
 * no journey needs, and nothing that a journey needs could be left out.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ListedStatement } from '../../local/iam/authorizer.ts';
import type { GrantUsage } from '../../local/iam/usage.ts';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import type { CallRecord, Stack } from '../../local/types.ts';
import { EVERY_JOURNEY } from '../flows/every-journey.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import { measureUsage, statementsOfRoles, type UsageOfTemplate } from './iam-usage.ts';

/** Grants that stay although no journey uses them, each with its reason. */
const UNUSED_FOR_A_REASON = [
  {
    statement: /^Domicile-(Directory\/DirectoryKey|Data\/(Data|Keys)Key)\w+\/KeyPolicy#1$/,
    action:
      /^kms:(Encrypt|ReEncrypt(From|To)|GenerateDataKey(WithoutPlaintext)?|CreateGrant|DescribeKey)$/,
    reason:
      'DynamoDB calls these in the name of whoever uses the table, when it creates or rotates the ' +
      'keys of the table; the local one does not, and AWS documents the list as a whole.',
  },
];

let usage: UsageOfTemplate;
beforeAll(async () => {
  usage = await measureUsage(EVERY_JOURNEY);
});

test('every grant of the template was used by some journey, or has its reason here', () => {
  const unused = usage.grants.filter(({ calls }) => calls === 0);
  const explains = (known: (typeof UNUSED_FOR_A_REASON)[number], grant: GrantUsage) =>
    known.statement.test(grant.statementId) && known.action.test(grant.action);
  const unexplained = unused.filter(
    (grant) => !UNUSED_FOR_A_REASON.some((known) => explains(known, grant)),
  );
  expect(unexplained).toEqual([]);
  // A reason that no longer explains anything must go.
  for (const known of UNUSED_FOR_A_REASON) {
    expect(
      unused.some((grant) => explains(known, grant)),
      known.reason,
    ).toBe(true);
  }
});

/** Side by side: most of the time goes into waiting for containers to start. */
describe.concurrent('a cloud deployed without one statement of a function’s role', async () => {
  const statements = await statementsOfRoles();
  test('there are statements to take away', () => {
    expect(statements.length).toBeGreaterThan(30);
  });

  test.each(named(statements.filter(isNeededToLog)))(
    '%s: the function works on and leaves no trace',
    async (_, statement) => {
      await usingCloudWithout(statement, async (cloud) => {
        const name = functionOf(statement, cloud);
        await usage.firstJourneyOf.get(statement.id)?.run(cloud);
        expect(cloud.logs().filter((entry) => entry.function === name)).toEqual([]);
      });
    },
  );

  test.each(named(statements.filter((statement) => !isNeededToLog(statement))))(
    '%s: what needs it fails, because access is denied',
    async (_, statement) => {
      const journey = usage.firstJourneyOf.get(statement.id);
      if (journey === undefined) return expectNoDeployment(statement);
      await usingCloudWithout(statement, async (cloud) => {
        await expect(journey.run(cloud)).rejects.toThrow();
        expect(denialsOf(statement, cloud)).not.toEqual([]);
        expect(refusalsOf(cloud)).not.toEqual([]);
      });
    },
  );
});

function named(
  statements: ReadonlyArray<ListedStatement>,
): ReadonlyArray<readonly [name: string, ListedStatement]> {
  return statements.map((statement) => {
    const [, role = ''] = /\/([A-Za-z]+?)Role/.exec(statement.id) ?? [];
    return [`${role} ${String(statement.json['Sid'] ?? statement.id)}`, statement];
  });
}

/** A function's log stream is no call of its own: Lambda writes it with the function's role. */
function isNeededToLog({ json }: ListedStatement): boolean {
  return json['Sid'] === 'WriteLog';
}

/** What only the deployment uses: custom resources and the seed. */
async function expectNoDeployment(statement: ListedStatement): Promise<void> {
  const warnings: Array<string> = [];
  const onWarning = (warning: string) => warnings.push(warning);
  const transformTemplate = (stack: Stack) => withoutStatement(stack, statement.id);
  await expect(startTestCloud({ transformTemplate, onWarning })).rejects.toThrow();
  const [, role = ''] = statement.owner.split(':role/');
  const denial = `assumed-role/${role}/`;
  expect(warnings).toContainEqual(expect.stringMatching(/is not authorized to perform/));
  expect(warnings.filter((warning) => !warning.includes(denial))).toEqual([]);
}

async function usingCloudWithout(
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

function functionOf({ owner }: ListedStatement, cloud: TestCloud): string {
  const pools = [...cloud.cloud.infrastructure.functions.pools.values()];
  const pool = pools.find(({ definition }) => definition.roleArn === owner);
  if (pool === undefined) throw new Error(`no function has the role ${owner}`);
  return pool.definition.name;
}

function denialsOf(statement: ListedStatement, cloud: TestCloud): ReadonlyArray<CallRecord> {
  const name = functionOf(statement, cloud);
  return cloud
    .calls()
    .filter(({ principal, outcome }) => principal === name && outcome === 'AccessDeniedException');
}

/**
 * Functions answer 5xx over HTTP; the admin function refuses whoever invokes it; news of a changed
 * password that did not leave are counted, since the change itself stands.
 */
function refusalsOf(cloud: TestCloud): ReadonlyArray<unknown> {
  const answers = cloud.cloud.requests().filter(({ status }) => status >= 500);
  const audits = cloud
    .logs()
    .filter(({ message }) => /server_error|PasswordChangeNotTold/.test(JSON.stringify(message)));
  return [...answers, ...audits];
}
