import { describe, expect, it } from 'vitest';
import { confinementOf, titleOf } from './confinement.ts';
import { actionsOf, type PolicyStatement, THREE_CELLS, threeCells } from './synthesized.ts';

/**
 * What residency rests on in the templates of three cells. That the policies mean what they seem
 * to mean is shown by running them (test/local), not here.
 */
const { stacks, templateOf, resourcesOf, propertiesOf, roleStatements } = threeCells;
const statements = roleStatements();
const regionOf = new Map(stacks.map(({ id, region }) => [id, region]));
const cellNames = THREE_CELLS.map(({ name }) => name);
const PRIMARY_DIRECTORY = 'eu-central-1 domicile-directory';
const functionRoles = [
  ...new Set(
    statements
      .filter(({ holder, role }) => holder !== role)
      .map(({ stack, role }) => `${stack}/${role}`),
  ),
];

describe('three cells', () => {
  it('have the same stacks, each in its region, and the directory in the primary one', () => {
    expect(stacks.map(({ id, region }) => `${id} ${region}`).sort()).toEqual([
      'Data-ap ap-southeast-2',
      'Data-eu eu-central-1',
      'Data-us us-east-1',
      'Directory eu-central-1',
      'DirectoryKey-ap ap-southeast-2',
      'DirectoryKey-us us-east-1',
      'Identity-ap ap-southeast-2',
      'Identity-eu eu-central-1',
      'Identity-us us-east-1',
      'Operations-ap ap-southeast-2',
      'Operations-eu eu-central-1',
      'Operations-us us-east-1',
      'Privacy-ap ap-southeast-2',
      'Privacy-eu eu-central-1',
      'Privacy-us us-east-1',
    ]);
  });

  it('import nothing from another region: every reference is made where it is used', () => {
    for (const { id, region } of stacks) {
      const text = JSON.stringify(templateOf(id));
      const nearby = stacks.filter((stack) => stack.region === region);
      const exported = nearby.flatMap((stack) => exportsOf(stack.id));
      const imported = [...text.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
      expect(exported).toEqual(expect.arrayContaining(imported));
      expect(text).not.toContain('Custom::CrossRegion');
    }
  });

  it.each(cellNames)('tell every function of %s where all cells are', (cell) => {
    for (const { Environment: environment } of propertiesOf(
      `Identity-${cell}`,
      'AWS::Lambda::Function',
    )) {
      const { Variables: variables } = environment as { Variables: Record<string, unknown> };
      expect(variables).toMatchObject({
        CELL_REGIONS: 'eu=eu-central-1,us=us-east-1,ap=ap-southeast-2',
        PRIMARY_REGION: 'eu-central-1',
      });
      if (variables['CELL'] === undefined) continue;
      expect(variables).toMatchObject({
        CELL: cell,
        ISSUER: { Ref: 'IssuerUrl' },
        CELL_URLS: { Ref: 'CellUrls' },
      });
    }
  });

  it('are administrated in the primary region alone', () => {
    const admins = stacks.filter(({ id }) =>
      propertiesOf(id, 'AWS::Lambda::Function').some(
        ({ FunctionName: name }) => name === 'domicile-admin',
      ),
    );
    expect(admins.map(({ id }) => id)).toEqual(['Identity-eu']);
  });
});

describe('the directory', () => {
  const [[, table] = []] = resourcesOf('Directory', 'AWS::DynamoDB::GlobalTable');

  it('has a protected, recoverable replica in every cell’s region, under a key of that region', () => {
    const replicas = table?.Properties?.['Replicas'] as ReadonlyArray<Record<string, unknown>>;
    expect(replicas.map(({ Region: region }) => region)).toEqual([
      { Ref: 'AWS::Region' },
      'us-east-1',
      'ap-southeast-2',
    ]);
    for (const replica of replicas) {
      expect(replica).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
    expect(JSON.stringify(replicas[1]?.['SSESpecification'])).toContain(':kms:us-east-1:');
    expect(JSON.stringify(replicas[1]?.['SSESpecification'])).toContain(
      ':alias/domicile-directory',
    );
  });

  it.each(['us', 'ap'])('finds the key of its replica for %s by an alias that stays', (cell) => {
    const id = `DirectoryKey-${cell}`;
    expect(propertiesOf(id, 'AWS::KMS::Alias')).toEqual([
      expect.objectContaining({ AliasName: 'alias/domicile-directory' }),
    ]);
    for (const [, key] of resourcesOf(id, 'AWS::KMS::Key')) {
      expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it('deploys after the keys of its replicas, and before every function', () => {
    const order = stacks.map(({ id }) => id);
    const directory = order.indexOf('Directory');
    for (const cell of ['us', 'ap']) {
      expect(order.indexOf(`DirectoryKey-${cell}`)).toBeLessThan(directory);
    }
    for (const cell of cellNames) {
      expect(order.indexOf(`Identity-${cell}`)).toBeGreaterThan(directory);
    }
  });
});

describe('people’s data', () => {
  it.each(cellNames)('of %s is named by no policy of another cell', (cell) => {
    const strangers = statements.filter(({ stack }) => !stack.endsWith(`-${cell}`));
    for (const statement of strangers) {
      const named = JSON.stringify([statement.Resource, statement.NotResource]);
      expect(named, titleOf(statement)).not.toMatch(
        new RegExp(`domicile-(data|keys|records|exports|archive)-${cell}\\b`),
      );
    }
  });

  it('is nowhere replicated and nowhere in a global table', () => {
    for (const { id } of stacks.filter((stack) => stack.id.startsWith('Data-'))) {
      expect(resourcesOf(id, 'AWS::DynamoDB::GlobalTable')).toEqual([]);
      expect(resourcesOf(id, 'AWS::KMS::ReplicaKey')).toEqual([]);
    }
  });

  it('is copied by no bucket to another', () => {
    const buckets = stacks.flatMap(({ id }) => propertiesOf(id, 'AWS::S3::Bucket'));
    expect(buckets).toHaveLength(2 * THREE_CELLS.length);
    for (const bucket of buckets) {
      expect(bucket).not.toHaveProperty('ReplicationConfiguration');
      expect(bucket).not.toHaveProperty('InventoryConfigurations');
    }
  });

  it('is backed up in its region alone: point-in-time recovery, and nothing that copies', () => {
    for (const { id } of stacks) {
      const types = Object.values(templateOf(id).Resources).map(({ Type: type }) => type);
      expect(types.filter((type) => /^AWS::(Backup|DMS|Glue|Pipes|Kinesis)/.test(type))).toEqual(
        [],
      );
    }
    for (const { id } of stacks.filter((stack) => stack.id.startsWith('Data-'))) {
      const tables = propertiesOf(id, 'AWS::DynamoDB::Table');
      expect(tables).toHaveLength(3);
      for (const table of tables) {
        expect(table).toMatchObject({
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        });
        expect(table).not.toHaveProperty('KinesisStreamSpecification');
      }
    }
    const copying = /dynamodb:(Export|Import|Restore|CreateBackup|\*)|^\*$|backup:/;
    for (const statement of statements.filter(({ Effect: effect }) => effect !== 'Deny')) {
      expect(
        actionsOf(statement).filter((action) => copying.test(action)),
        titleOf(statement),
      ).toEqual([]);
    }
  });

  it.each(cellNames)('of %s is under a cell key of one region, for its own roles', (cell) => {
    const [id, key] = cellKeyOf(cell);
    expect(key.Properties).not.toHaveProperty('MultiRegion');
    const uses = statements.filter(
      ({ stack, Resource: resource }) =>
        stack.endsWith(`-${cell}`) && JSON.stringify(resource ?? '').includes(id),
    );
    expect(uses.map(titleOf).sort()).toEqual([
      'account.OpenCellKeyring',
      'erasure.OpenCellKeyring',
      'export.OpenCellKeyring',
      'interaction.OpenCellKeyring',
      'privacy-admin.OpenCellKeyring',
      'privacy.OpenCellKeyring',
      'provision-cell.WrapCellKeyring',
      'token.OpenCellKeyring',
    ]);
    for (const { Condition: condition } of uses) {
      expect(condition).toEqual({
        StringEquals: {
          'kms:EncryptionContext:domicile:purpose': 'cell-keyring',
          'kms:EncryptionContext:domicile:cell': cell,
        },
      });
    }
  });
});

describe('the residency guard', () => {
  it.each(functionRoles)('%s is denied every other region', (name) => {
    const guards = guardsOf(name);
    expect(guards).toHaveLength(1);
    const [guard] = guards;
    const [stack = ''] = name.split('/');
    const { StringNotEqualsIfExists: through, ...condition } = { ...guard?.Condition };
    expect(condition).toEqual({
      StringNotEquals: { 'aws:RequestedRegion': regionOf.get(stack) },
    });
    expect(guard?.Action ?? guard?.NotAction).toBeDefined();
    // What DynamoDB opens for its own table in the name of whoever uses that table.
    const isClaiming = [guard?.NotResource].flat().map(shortArn).includes(PRIMARY_DIRECTORY);
    expect(through).toEqual(
      isClaiming ? { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' } : undefined,
    );
  });

  it.each(functionRoles)('%s is excepted for what residents of other cells need alone', (name) => {
    const [guard] = guardsOf(name);
    const holder = statements.find(({ stack, role }) => `${stack}/${role}` === name)?.holder;
    expect({
      actions: [guard?.NotAction ?? []].flat(),
      resources: [guard?.NotResource ?? []].flat().map(shortArn),
    }).toEqual(exceptionsOf(holder ?? '', name.split('/')[0] ?? ''));
  });

  it('admits claims and homes alone of the primary’s directory', () => {
    const abroad = statements.filter((statement) =>
      titleOf(statement).endsWith('.OnlyClaimsAbroad'),
    );
    expect(abroad.map(({ stack, holder }) => `${stack} ${holder}`).sort()).toEqual([
      ...['ap', 'us'].flatMap((cell) => [
        `Identity-${cell} interaction`,
        `Identity-${cell} privacy`,
        `Identity-${cell} privacy-admin`,
        `Identity-${cell} token`,
      ]),
      'Privacy-ap erasure',
      'Privacy-us erasure',
    ]);
    for (const { Effect: effect, Condition: condition } of abroad) {
      expect(effect).toBe('Deny');
      expect(condition).toMatchObject({
        'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': ['IDENTIFIER#*', 'SUB#*'] },
      });
    }
  });

  it('denies what names no item of it, as a Scan does', () => {
    const claims = statements.filter(({ Sid: sid }) => sid === 'OnlyClaimsAbroad');
    const byKey = statements.filter(({ Sid: sid }) => sid === 'OnlyByKeyAbroad');
    const ofRoles = (denied: typeof statements) =>
      denied.map(({ stack, holder, Resource: resource }) => [stack, holder, resource]);
    expect(ofRoles(byKey)).toEqual(ofRoles(claims));
    for (const { stack, Effect: effect, Action: action, Condition: condition } of byKey) {
      expect([effect, action]).toEqual(['Deny', 'dynamodb:*']);
      expect(condition).toEqual({
        StringNotEquals: { 'aws:RequestedRegion': regionOf.get(stack) },
        Null: { 'dynamodb:LeadingKeys': 'true' },
      });
    }
  });
});

describe('every permission of three cells', () => {
  const grants = statements.filter(({ Effect: effect }) => effect === 'Allow');

  it('names its resources, or says what confines it', () => {
    const loose = grants.filter((statement) => !confinementOf(statement).isConfined);
    expect(loose.map(titleOf)).toEqual([]);
  });

  it('reaches other regions for claims, homes, copies of the directory, calls between cells and the making of keys', () => {
    const abroad = grants.filter((statement) => regionsNamed(statement).length > 0);
    const uses = abroad.map((statement) => `${statement.holder} ${statement.Sid}`);
    expect([...new Set(uses)].sort()).toEqual([
      'account CallOtherCells',
      'erasure EraseAgainInRestoredDirectory',
      'erasure PutAddressesToRest',
      'erasure RemoveHomesAndRestingAddresses',
      'interaction CallOtherCells',
      'interaction ClaimIdentifiers',
      'interaction FindHomesInPrimary',
      'privacy CallOtherCells',
      'privacy FindHomesInPrimary',
      'privacy-admin CallOtherCells',
      'privacy-admin FindHomesInPrimary',
      'provision TagEvidenceReplicas',
      'provision TagKeyringReplicas',
      'provision TagSigningKeys',
      'rotation EndSigningKeys',
      'rotation FollowSigningKeys',
      'rotation TagSigningKeys',
      'token CallOtherCells',
      'token FindHomesInPrimary',
    ]);
  });

  it('lets cells call four functions of each other and none of their own', () => {
    const calls = grants.filter((statement) =>
      actionsOf(statement).includes('lambda:InvokeFunction'),
    );
    const called = calls
      .filter(({ Sid: sid }) => sid === 'CallOtherCells')
      .map(({ stack, holder, Resource: resource }) => [
        `${stack} ${holder}`,
        [resource].flat().map(shortArn),
      ]);
    expect(Object.fromEntries(called)).toMatchObject({
      'Identity-eu token': ['us-east-1 domicile-token', 'ap-southeast-2 domicile-token'],
      'Identity-us interaction': [
        'eu-central-1 domicile-interaction',
        'ap-southeast-2 domicile-interaction',
      ],
    });
  });
});

function guardsOf(name: string): ReadonlyArray<PolicyStatement> {
  return statements.filter(
    ({ stack, role, Sid: sid, Effect: effect }) =>
      `${stack}/${role}` === name && sid === 'StayInRegion' && effect === 'Deny',
  );
}

/** Which functions each one calls of other cells; the account pages ask for a sign of life alone. */
const CALLED: Readonly<Record<string, ReadonlyArray<string>>> = {
  token: ['token'],
  interaction: ['interaction'],
  account: ['token'],
  privacy: ['privacy'],
  'privacy-admin': ['privacy-admin'],
};

/** Who claims, looks up or releases in the primary's directory. */
const CLAIMING = ['token', 'interaction', 'privacy', 'privacy-admin', 'erasure'];

/** What each function may do outside its region, as the design has it. */
function exceptionsOf(holder: string, stack: string) {
  const makes = ['kms:CreateKey', 'kms:TagResource', 'iam:CreateServiceLinkedRole'];
  const ends = ['kms:DescribeKey', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'];
  if (holder === 'provision') return { actions: makes, resources: [] };
  if (holder === 'rotation') return { actions: [...makes, ...ends], resources: [] };
  const called = CALLED[holder] ?? [];
  const claims = CLAIMING.includes(holder) && !stack.endsWith('-eu');
  // Copies of it that operators restore: erasures are replayed in them, and they are called so.
  const replays = claims && holder === 'erasure';
  const directory = claims
    ? [PRIMARY_DIRECTORY, ...(replays ? [`${PRIMARY_DIRECTORY}-restored`] : [])]
    : [];
  const functions = THREE_CELLS.filter(({ name }) => !stack.endsWith(`-${name}`)).flatMap(
    ({ region }) => called.map((surface) => `${region} domicile-${surface}`),
  );
  return { actions: [], resources: [...directory, ...functions] };
}

/** `eu-central-1 domicile-token` for an ARN with pseudo parameters in it. */
function shortArn(arn: unknown): string {
  const [, region = '', name = ''] =
    /:(?:lambda|dynamodb):([a-z0-9-]+):.*[:/](domicile-[a-z-]+)/.exec(JSON.stringify(arn) ?? '') ??
    [];
  return `${region} ${name}`;
}

/** Regions other than the stack's own that the statement's resources name. */
function regionsNamed({ stack, Resource: resource }: PolicyStatement): ReadonlyArray<string> {
  const own = regionOf.get(stack);
  const text = JSON.stringify(resource ?? '');
  return THREE_CELLS.map(({ region }) => region).filter(
    (region) => region !== own && text.includes(`:${region}:`),
  );
}

function cellKeyOf(cell: string) {
  const found = resourcesOf(`Data-${cell}`, 'AWS::KMS::Key').find(([id]) =>
    id.startsWith('CellKey'),
  );
  if (found === undefined) throw new Error(`no cell key of ${cell}`);
  return found;
}

function exportsOf(id: string): ReadonlyArray<string> {
  const { Outputs: outputs = {} } = templateOf(id) as {
    Outputs?: Record<string, { Export?: { Name: string } }>;
  };
  return Object.values(outputs).flatMap((output) => output.Export?.Name ?? []);
}
