/**
 * Least privilege with several cells: every grant is used in every cell, and what only several cells
 * have could not be left out. What they share with a single one is in iam-from-the-template.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PolicyError } from '../../local/iam/policy-error.ts';
import { withFewCountries } from '../flows/cell-countries.ts';
import { deployWithout, type FailedDeployments } from './deploying-without.ts';
import { type PlacedStatement, statementsOfTemplate } from './iam-usage.ts';
import { JOURNEYS_OF_THREE_CELLS } from './journeys-of-three-cells.ts';
import { denialsAmong, deniedWithout } from './shortfall.ts';
import { judgeUnused } from './unused-grants.ts';
import { type Walk, walkWithout } from './walking-without.ts';
import { placeOf } from './withholding.ts';

const CELLS = ['eu', 'us', 'ap'];
const OPTIONS = {
  cells: CELLS,
  transformTemplate: withFewCountries,
  parameters: {
    ...{ OneTimeCodeMailsPerHourAndSource: '10000' },
    // As with one cell.
    ...{ AuditArchive: 'governance', ErasureGraceDays: '1' },
  },
};

describe('the statements of three cells', async () => {
  const single = await statementsOfTemplate();
  const several = await statementsOfTemplate(CELLS);
  const known = new Set(single.map(nameOf));
  const added = several.filter(
    (one) => one.json['Effect'] === 'Allow' && (!known.has(nameOf(one)) || isAbroad(one)),
  );
  const inUs = added.filter(({ region }) => region === 'us-east-1');
  const ofPrimary = added.filter(({ id }) => id.startsWith('Domicile-Directory/'));

  test('are the same for each cell that is not the primary', () => {
    const of = (region: string, other: string) =>
      several
        .filter((one) => one.region === region && one.kind === 'identity')
        .map(({ id, json }) => [id, neutral(JSON.stringify(json), region, other)]);
    expect(of('us-east-1', 'ap-southeast-2')).toEqual(of('ap-southeast-2', 'us-east-1'));
  });

  const ofRoutes = inUs.filter(({ id }) => id.endsWith('/Permission#0'));
  const ofKeys = inUs.filter(({ json }) => json['Action'] === 'kms:*');
  const ofProvision = ofPrimary.filter(({ id }) => id.includes('/ProvisionRole'));
  const ofCalls = [...inUs, ...ofPrimary.filter(({ id }) => id.includes('/RotationRole'))].filter(
    (one) => !ofRoutes.includes(one) && !ofKeys.includes(one),
  );

  let walk: Walk;
  let undeployed: FailedDeployments;
  beforeAll(async () => {
    const provided = new Set(ofProvision.map(({ id }) => id));
    undeployed = await deployWithout(({ id }) => provided.has(id), ['eu', 'us']);
    const called = new Set(ofCalls.map(placeOf));
    walk = await walkWithout((one) => called.has(placeOf(one)), JOURNEYS_OF_THREE_CELLS, OPTIONS);
    // Many journeys, on a machine that may be busy.
  }, 900_000);
  afterAll(() => walk?.cloud.close());

  test('were all used by some journey, or have their reason', () => {
    const ofThird = new Set(
      several.filter(({ region }) => region === 'ap-southeast-2').map(({ owner }) => owner),
    );
    const triedAlone = new Set(
      several
        .filter((one) => one.region === 'eu-central-1' && known.has(nameOf(one)) && !isAbroad(one))
        .map(({ owner, id }) => `${owner} ${id}`),
    );
    const grants = walk.grants.filter(
      ({ owner, statementId }) =>
        !ofThird.has(owner) &&
        !triedAlone.has(`${owner} ${statementId}`) &&
        // Routes of REST are tried one by one with a single cell.
        !/\/Privacy(Admin)?[A-Z]+v1\w+Permission\w+\/Permission#0$/.test(statementId),
    );
    // Whether each reason is needed is seen with a single cell.
    expect(judgeUnused(grants).unexplained).toEqual([]);
  });

  test('that only several cells have are taken away below, one by one', () => {
    const sids = [...inUs, ...ofPrimary].flatMap(({ json }) => json['Sid'] ?? []);
    expect([...new Set(sids)].sort()).toEqual([
      ...['CallOtherCells', 'ClaimIdentifiers', 'CountLookUps', 'CreateReplicas'],
      ...['EndSigningKeys', 'EraseAgainInRestoredDirectory', 'FindHomesInPrimary'],
      ...['FindHomesOfSubs', 'FollowSigningKeys'],
      ...['PutAddressesToRest', 'RemoveHomesAndRestingAddresses', 'ReplicateEvidence'],
      ...['ReplicateKeyring', 'ReplicateSigningKeys', 'TagEvidenceReplicas'],
      ...['TagKeyringReplicas', 'TagSigningKeys', 'UseThroughDynamoDb', 'UseUpHandOvers'],
    ]);
  });

  describe('without', () => {
    const titled = (statements: ReadonlyArray<PlacedStatement>) =>
      statements.map((statement) => {
        const [, holder = ''] =
          /\/([A-Za-z0-9]+?)(?:SurfaceRole|Role)?[0-9A-F]{8}\//.exec(statement.id) ?? [];
        return { title: `${holder} ${statement.json['Sid'] ?? ''}`, statement };
      });
    const policiesWithout = ({ id, owner }: PlacedStatement) =>
      walk.cloud.cloud.infrastructure.authorizer.without(id, owner);

    test.each(titled(ofCalls))('$title, what needs it fails', ({ statement }) => {
      const shortfall = walk.shortfallOf(statement);
      expect(shortfall?.outcomes).toContain('AccessDeniedException');
      expect(shortfall?.denials).toContainEqual(expect.stringContaining(deniedWithout(statement)));
      expect(shortfall?.refusals).not.toEqual([]);
    });

    test.each(titled(ofProvision))('$title, nothing can be deployed', ({ statement }) => {
      const denials = denialsAmong(undeployed.get(statement.id) ?? []);
      expect(denials).toContainEqual(expect.stringContaining(deniedWithout(statement)));
    });

    test.each(titled(ofKeys))('$title, AWS refuses the key', ({ statement }) => {
      expect(() => policiesWithout(statement)).toThrow(PolicyError);
    });

    test.each(titled(ofRoutes))('$title, the API answers 500', async ({ statement }) => {
      const [, method = '', path = ''] =
        /\/\*\/(GET|POST|PUT|DELETE)(\/[^"]*)"/.exec(JSON.stringify(statement.json)) ?? [];
      const policies = policiesWithout(statement);
      const { cloud, cellUrls } = walk.cloud;
      // Until it is used without another one.
      cloud.infrastructure.authorizer.interpose((query) => policies.authorize(query));
      const answer = await fetch(`${cellUrls['us']}${path}`, { method, redirect: 'manual' });
      expect(answer.status).toBe(500);
    });
  });
});

/** Whose it is and what it is called: `Domicile-Identity/TokenSurfaceRole… CallOtherCells`. */
function nameOf({ id, json }: PlacedStatement): string {
  return `${id.replace(/#\d+$/, '')} ${String(json['Sid'] ?? JSON.stringify(json['Action']))}`;
}

/** By its resources it reaches into another region. */
function isAbroad({ json, region }: PlacedStatement): boolean {
  const named = JSON.stringify(json['Resource']).match(/\b[a-z]{2}-[a-z]+-\d\b/g) ?? [];
  return named.some((one) => one !== region);
}

/** Without the names of the own cell, of the other and of what the template makes for them. */
function neutral(json: string, own: string, other: string): string {
  const cellOf = (region: string) => (region === 'us-east-1' ? 'us' : 'ap');
  return json
    .replaceAll(own, 'OWN')
    .replaceAll(other, 'OTHER')
    .replace(new RegExp(`-${cellOf(own)}\\b`, 'g'), '-OWN')
    .replace(new RegExp(`=${cellOf(own)}\\b|"${cellOf(own)}"`, 'g'), 'OWN')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'KEY');
}
