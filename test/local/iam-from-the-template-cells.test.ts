/**
 * Least privilege with several cells: every grant is used in every cell, and what only several cells
 * have could not be left out. What they share with a single one is in iam-from-the-template.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PolicyError } from '../../local/iam/policy-error.ts';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import type { Stack } from '../../local/types.ts';
import { withFewCountries } from '../flows/cell-countries.ts';
import { EVERY_JOURNEY, type Journey } from '../flows/every-journey.ts';
import { JOURNEYS_OF_AUDIT } from '../flows/journeys-of-audit.ts';
import { JOURNEYS_BETWEEN_CELLS } from '../flows/journeys-of-cells.ts';
import { EVERY_ROTATION } from '../flows/journeys-of-operators.ts';
import { JOURNEYS_OF_PRIVACY } from '../flows/journeys-of-privacy.ts';
import { journeySeenBy, type Sight } from '../flows/seen-by.ts';
import { startTestCloud, type TestCloud } from '../harness/cloud.ts';
import {
  measureUsage,
  type PlacedStatement,
  statementsOfTemplate,
  type UsageOfTemplate,
} from './iam-usage.ts';
import { useWithout } from './lacking-statements.ts';
import { denialsAmong, deniedWithout } from './shortfall.ts';
import { judgeUnused } from './unused-grants.ts';

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

/** The cell that is not the primary, and the primary; a third has the statements of the first, see below. */
const FROM_US: Sight = { home: 'us', entry: 'eu' };
const FROM_EU: Sight = { home: 'eu', entry: 'us' };
/** As a third cell sees them, and they the third. */
const OTHER_SIGHTS: ReadonlyArray<Sight> = [
  { home: 'us', entry: 'ap' },
  { home: 'eu', entry: 'ap' },
  { home: 'ap', entry: 'us' },
  { home: 'ap', entry: 'eu' },
];

/**
 * Those that together use every grant: what is not gone here uses nothing else in a cell. Each other
 * sight has those in which cells call one another, and so differ by the pair.
 */
const JOURNEYS: ReadonlyArray<Journey> = [
  ...seen(
    FROM_US,
    /^(sign-(up by|in after|out in the portal)|a second code|tokens, profile|an API asks|consent for)/,
    /^(recovery by code|another (password|session)|an? (ID token|access token|newcomer|address))/,
    /^(sign-up from nowhere|rights of a newcomer)/,
  ),
  ...seen(
    FROM_EU,
    /^(sign-(in after|out in the portal)|tokens, profile|an API asks|an app|recovery by code)/,
    /^(a way|a machine|an? (ID token|access token|newcomer)|sign-up from nowhere|rights of)/,
  ),
  ...OTHER_SIGHTS.flatMap((sight) => seen(sight, /^(an app pushes|sign-out in the portal)/)),
  ...EVERY_ROTATION,
  ...[...JOURNEYS_OF_AUDIT, ...JOURNEYS_OF_PRIVACY]
    .filter(
      ({ name }) => !/^(what comes too late|an erasure (on behalf|undone by the m))/.test(name),
    )
    .map((one) => journeySeenBy(one, FROM_US)),
  ...[FROM_EU, ...OTHER_SIGHTS].flatMap((sight) => seenOfRights(sight, /^purposes agreed/)),
  ...[FROM_EU, { home: 'us', entry: 'ap' }].flatMap((sight) =>
    seenOfRights(sight, /^an export that an admin/),
  ),
];

function seen(sight: Sight, ...names: ReadonlyArray<RegExp>): ReadonlyArray<Journey> {
  return [...EVERY_JOURNEY, ...JOURNEYS_BETWEEN_CELLS]
    .filter(({ name }) => names.some((one) => one.test(name)))
    .map((one) => journeySeenBy(one, sight));
}

function seenOfRights(sight: Sight, name: RegExp): ReadonlyArray<Journey> {
  return JOURNEYS_OF_PRIVACY.filter((one) => name.test(one.name)).map((one) =>
    journeySeenBy(one, sight),
  );
}

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

  let cloud: TestCloud;
  let usage: UsageOfTemplate;
  beforeAll(async () => {
    cloud = await startTestCloud(OPTIONS);
    usage = await measureUsage(cloud, JOURNEYS);
    // Many journeys, on a machine that may be busy.
  }, 900_000);
  afterAll(() => cloud?.close());

  test('were all used by some journey, or have their reason', () => {
    const ofThird = new Set(
      several.filter(({ region }) => region === 'ap-southeast-2').map(({ owner }) => owner),
    );
    const triedAlone = new Set(
      several
        .filter((one) => one.region === 'eu-central-1' && known.has(nameOf(one)) && !isAbroad(one))
        .map(({ owner, id }) => `${owner} ${id}`),
    );
    const grants = usage.grants.filter(
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
    const ofRoutes = inUs.filter(({ id }) => id.endsWith('/Permission#0'));
    const ofKeys = inUs.filter(({ json }) => json['Action'] === 'kms:*');
    const ofCalls = [...inUs, ...ofPrimary.filter(({ id }) => id.includes('/RotationRole'))].filter(
      (one) => !ofRoutes.includes(one) && !ofKeys.includes(one),
    );
    const titled = (statements: ReadonlyArray<PlacedStatement>) =>
      statements.map((statement) => {
        const [, holder = ''] =
          /\/([A-Za-z0-9]+?)(?:SurfaceRole|Role)?[0-9A-F]{8}\//.exec(statement.id) ?? [];
        return { title: `${holder} ${statement.json['Sid'] ?? ''}`, statement };
      });

    test.each(titled(ofCalls))(
      '$title, what needs it fails',
      async ({ statement }) => {
        // A rotation that was stopped would be in the way of the next.
        if (isOfRotation(statement)) await cloud.reset();
        await useWithout(cloud, statement, async () => {
          const mark = cloud.mark();
          cloud.cloud.infrastructure.logs.clear();
          expect(await findStopped(cloud, journeysNeeding(statement, usage))).toBeDefined();
          const outcomes = cloud.calls(mark).map(({ outcome }) => outcome);
          expect(outcomes).toContain('AccessDeniedException');
          const denials = denialsAmong(cloud.logs().map(({ message }) => message));
          expect(denials).toContainEqual(expect.stringContaining(deniedWithout(statement)));
        });
        // The journeys before the one that stops, on a busy machine.
      },
      180_000,
    );

    test.each(titled(ofPrimary.filter(({ id }) => id.includes('/ProvisionRole'))))(
      '$title, nothing can be deployed',
      async ({ statement }) => {
        const transformTemplate = (stack: Stack) => withoutStatement(stack, statement.id);
        const warnings: Array<string> = [];
        const onWarning = (warning: string) => warnings.push(warning);
        const options = { cells: ['eu', 'us'], transformTemplate, onWarning };
        await expect(startTestCloud(options)).rejects.toThrow();
        expect(warnings.join('\n')).toContain('is not authorized to perform');
      },
    );

    test.each(titled(ofKeys))('$title, AWS refuses the key', async ({ statement }) => {
      const update = useWithout(cloud, statement, async () => undefined);
      await expect(update).rejects.toThrow(PolicyError);
    });

    test.each(titled(ofRoutes))('$title, the API answers 500', async ({ statement }) => {
      const [, method = '', path = ''] =
        /\/\*\/(GET|POST|PUT|DELETE)(\/[^"]*)"/.exec(JSON.stringify(statement.json)) ?? [];
      await useWithout(cloud, statement, async () => {
        const url = `${cloud.cellUrls['us']}${path}`;
        expect((await fetch(url, { method, redirect: 'manual' })).status).toBe(500);
      });
    });
  });
});

function isOfRotation({ id }: PlacedStatement): boolean {
  return id.includes('/RotationRole');
}

/**
 * Those that have called by it. A replica of the directory answers for the primary copy as soon as it
 * has heard: first come those of people of whom it has not.
 */
function journeysNeeding(
  statement: PlacedStatement,
  usage: UsageOfTemplate,
): ReadonlyArray<Journey> {
  if (isOfRotation(statement)) return EVERY_ROTATION;
  const isOfNewcomer = ({ name }: Journey) => name.includes('of whom no replica has heard');
  const calling = usage.journeysOf(statement);
  return [...calling.filter(isOfNewcomer), ...calling.filter((journey) => !isOfNewcomer(journey))];
}

async function findStopped(
  cloud: TestCloud,
  journeys: ReadonlyArray<Journey>,
): Promise<Journey | undefined> {
  for (const journey of journeys) {
    try {
      await journey.run(cloud);
    } catch {
      return journey;
    }
  }
  return undefined;
}

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
