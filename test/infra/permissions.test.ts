import { describe, expect, it } from 'vitest';
import { confinementOf, titleOf } from './confinement.ts';
import {
  actionsOf,
  type PolicyStatement,
  propertiesOf,
  resourcesOf,
  STACKS,
  singleCell,
} from './synthesized.ts';

/** The consumer's way to the streams; what it reads of them is filtered by the mapping. */
const ON_STREAMS = ['ReadStreams', 'ListStreams'];

const statements = singleCell.roleStatements();
const named = statements.map((statement) => ({ title: titleOf(statement), statement }));
const onTables = named.filter(
  ({ statement }) =>
    actionsOf(statement).some((action) => action.startsWith('dynamodb:')) &&
    !ON_STREAMS.includes(statement.Sid),
);

/** A restored directory says by no key whose entries it has. */
const READS_WHOLE_COPIES = 'EraseAgainInRestoredDirectory';

describe('every permission', () => {
  it.each(named)('$title allows named actions, none by wildcard', ({ statement }) => {
    expect(statement.Effect).toBe('Allow');
    for (const action of actionsOf(statement)) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
  });

  it.each(named)('$title names its resources, or says what confines it', ({ statement }) => {
    expect(confinementOf(statement)).toMatchObject({ isConfined: true });
  });

  it('stands in the role itself, so that no function runs before its permissions exist', () => {
    for (const stack of STACKS) {
      // The schedules' roles, which EventBridge uses later.
      const apart = resourcesOf(stack, 'AWS::IAM::Policy').map(([id]) => id);
      expect(apart.filter((id) => !/^(KeyRotation|Audit)/.test(id))).toEqual([]);
      for (const role of propertiesOf(stack, 'AWS::IAM::Role')) {
        expect(role).not.toHaveProperty('ManagedPolicyArns');
      }
    }
  });

  it('is held by one function: no two share a role', () => {
    const roles = STACKS.flatMap((stack) =>
      propertiesOf(stack, 'AWS::Lambda::Function').map(
        (fn) => `${stack} ${JSON.stringify(fn['Role'])}`,
      ),
    );
    expect(new Set(roles).size).toBe(roles.length);
    expect(roles).toHaveLength(13);
  });
});

describe('access to tables', () => {
  it.each(onTables)('$title is confined to the partitions of one entity', ({ statement }) => {
    for (const keys of leadingKeysOf(statement))
      expect(keys).toMatch(/^([A-Z-]+(#\*)?|AUDIT-BY-\*|SLOT#(export|erasure)#\*)$/);
    if (statement.Sid === READS_WHOLE_COPIES) return;
    expect(actionsOf(statement)).not.toContain('dynamodb:Scan');
  });

  it('reads a table as a whole where an operator has restored a copy of the directory, and nowhere else', () => {
    const whole = onTables.filter(({ statement }) => statement.Sid === READS_WHOLE_COPIES);
    expect(whole.map(({ title }) => title)).toEqual([`erasure.${READS_WHOLE_COPIES}`]);
    for (const { statement } of whole) {
      expect(JSON.stringify(statement.Resource)).toMatch(/table\/domicile-directory-restored\*"/);
    }
  });

  it.each([
    ['KEYRING', 'created', ['provision']],
    ['CELL-KEYRING', 'created', ['provision-cell']],
    ['SIGNING-KEYS', 'published', ['provision', 'rotation']],
    ['CLIENT#*', 'changed', ['admin']],
    ['CLIENTS', 'changed', ['admin']],
    // An erasure lets an address rest, and then goes of it.
    ['IDENTIFIER#*', 'claimed or released', ['erasure', 'interaction']],
    ['SUB#*', 'claimed or released', ['erasure', 'interaction']],
    ['EVIDENCE-KEY', 'written down', ['provision']],
    ['AUDIT#*', 'written', ['events']],
    ['AUDIT-BY-*', 'written', ['events']],
    ['AUDIT-ROOTS', 'written', ['audit']],
    ['LEDGER#*', 'written', ['erasure']],
    ['CERTIFICATE#*', 'written', ['erasure']],
  ])('%s is %s by %j alone', (keys, _verb, writers) => {
    const found = onTables
      .filter(({ statement }) => leadingKeysOf(statement).includes(keys) && writes(statement))
      .map(({ statement }) => statement.holder);
    expect([...new Set(found)].sort()).toEqual(writers);
  });

  it('gives the operators surface nothing of people', () => {
    const keys = onTables
      .filter(({ statement }) => statement.holder === 'admin')
      .flatMap(({ statement }) => leadingKeysOf(statement));
    expect([...new Set(keys)].sort()).toEqual(['CLIENT#*', 'CLIENTS', 'SIGNING-KEYS']);
  });

  it('lets nobody but an erasure delete or change the key of a person', () => {
    const deleters = onTables.filter(
      ({ statement }) =>
        JSON.stringify(statement.Resource).includes('domicile-keys') &&
        actionsOf(statement).some((action) => /Delete|Update|BatchWrite/.test(action)),
    );
    expect([...new Set(deleters.map(({ statement }) => statement.holder))]).toEqual(['erasure']);
  });

  it('lets nobody change or delete what was recorded of an act, or what proves an erasure', () => {
    const changing = onTables.filter(
      ({ statement }) =>
        JSON.stringify(statement.Resource).includes('domicile-records') &&
        leadingKeysOf(statement).some((keys) => /^(AUDIT|LEDGER|CERTIFICATE)/.test(keys)) &&
        actionsOf(statement).some((action) => /Delete|Update/.test(action)),
    );
    expect(changing.map(({ title }) => title)).toEqual([]);
    // IAM cannot tell a batch that deletes from one that writes: one function alone may send any.
    const inBatches = onTables.filter(
      ({ statement }) =>
        actionsOf(statement).includes('dynamodb:BatchWriteItem') &&
        leadingKeysOf(statement).some((keys) => /^(AUDIT|LEDGER|CERTIFICATE)/.test(keys)),
    );
    expect(inBatches.map(({ title }) => title)).toEqual(['events.RecordActs']);
  });

  it('gives the consumer of streams nothing but streams and the audit trail', () => {
    const own = statements.filter(({ holder, Sid }) => holder === 'events' && Sid !== 'WriteLog');
    expect(own.map(({ Sid }) => Sid)).toEqual([
      'RecordActs',
      'RecordLateActs',
      'FindRecord',
      'ReadStreams',
      'ListStreams',
      'KeepWhatCouldNotBeRead',
    ]);
    for (const statement of own.slice(0, 3)) {
      expect(JSON.stringify(statement.Resource)).toContain('table/domicile-records-eu');
      for (const keys of leadingKeysOf(statement)) expect(keys).toMatch(/^AUDIT/);
    }
  });
});

describe('access to files of people', () => {
  const onFiles = named.filter(({ statement }) =>
    actionsOf(statement).some((action) => action.startsWith('s3:')),
  );

  it('is the export’s, which makes them, the erasure’s, and theirs who hand them out', () => {
    const holders = (action: string) =>
      onFiles
        .filter(
          ({ statement }) =>
            actionsOf(statement).includes(action) &&
            JSON.stringify(statement.Resource).includes('domicile-exports-'),
        )
        .map(({ statement }) => statement.holder)
        .sort();
    expect(holders('s3:PutObject')).toEqual(['export']);
    expect(holders('s3:DeleteObject')).toEqual(['erasure', 'export']);
    expect(holders('s3:GetObject').filter((holder) => holder !== 'export')).toEqual(
      expect.arrayContaining(['privacy']),
    );
    expect(
      holders('s3:GetObject').every((one) => ['export', 'privacy', 'privacy-admin'].includes(one)),
    ).toBe(true);
  });

  it('never reaches what is archived: records are written there, and read by auditors', () => {
    const archiving = onFiles.filter(({ statement }) =>
      JSON.stringify(statement.Resource).includes('domicile-archive-'),
    );
    expect(archiving.map(({ statement }) => statement.holder)).toEqual(['audit']);
    for (const { statement } of archiving) {
      expect(
        actionsOf(statement).filter((action) => /Get|Delete|Retention|Bypass/.test(action)),
      ).toEqual([]);
    }
  });
});

describe('permission to begin a workflow', () => {
  it('is for requests of people and operators, and for a run that continues itself', () => {
    const starting = statements.filter((statement) =>
      actionsOf(statement).includes('states:StartExecution'),
    );
    const machines = starting.map(
      ({ holder, Resource }) =>
        `${holder} ${/stateMachine:(domicile-[a-z-]+)/.exec(JSON.stringify(Resource))?.[1]}`,
    );
    expect([...new Set(machines)].sort()).toMatchInlineSnapshot(`
      [
        "admin domicile-key-rotation",
        "erasure domicile-erasure",
        "privacy domicile-erasure",
        "privacy domicile-export",
        "privacy-admin domicile-erasure",
        "privacy-admin domicile-export",
      ]
    `);
  });
});

describe('access to KMS keys', () => {
  const onKeys = statements.filter((statement) =>
    actionsOf(statement).some((action) => action.startsWith('kms:')),
  );

  it('lets the token surface alone sign tokens, digests only, one algorithm per statement', () => {
    const signing = onKeys.filter(
      (statement) => actionsOf(statement).includes('kms:Sign') && statement.Sid !== 'SignEvidence',
    );
    expect(signing.map(({ holder }) => holder)).toEqual(['token', 'token']);
    const conditions = (algorithm: string) => ({
      StringEquals: {
        'kms:KeyUsage': 'SIGN_VERIFY',
        'kms:SigningAlgorithm': algorithm,
        'kms:MessageType': 'DIGEST',
      },
      Bool: { 'kms:MultiRegion': 'true' },
      StringEqualsIfExists: { 'aws:ResourceTag/domicile:purpose': 'signing' },
    });
    expect(signing.map(({ Condition }) => Condition)).toEqual([
      conditions('RSASSA_PKCS1_V1_5_SHA_256'),
      conditions('ECDSA_SHA_256'),
    ]);
  });

  it('lets evidence be signed by the key that says so alone, and by no key of tokens', () => {
    const signing = statements.filter(({ Sid }) => Sid === 'SignEvidence');
    expect(signing.map(({ holder }) => holder).sort()).toEqual(['audit', 'erasure', 'privacy']);
    for (const statement of signing) {
      expect(actionsOf(statement)).toEqual(['kms:Sign']);
      expect(statement.Condition).toEqual({
        StringEquals: {
          'aws:ResourceTag/domicile:purpose': 'evidence',
          'kms:KeyUsage': 'SIGN_VERIFY',
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
        Bool: { 'kms:MultiRegion': 'true' },
      });
    }
  });

  it('opens each keyring for its purpose only, and lets its provisioning alone wrap one', () => {
    const purpose = 'kms:EncryptionContext:domicile:purpose';
    const shared = { [purpose]: 'keyring' };
    const cell = { [purpose]: 'cell-keyring', 'kms:EncryptionContext:domicile:cell': 'eu' };
    const usage = { 'kms:KeyUsage': 'ENCRYPT_DECRYPT' };
    const uses = onKeys
      .filter((statement) => actionsOf(statement).some((action) => /crypt$/.test(action)))
      .map(({ holder, Action, Condition }) => [holder, Action, Condition?.['StringEquals']]);
    expect(uses).toEqual([
      ['provision-cell', 'kms:Encrypt', cell],
      ['provision', 'kms:Encrypt', shared],
      // Apps are told nothing that is shared between cells.
      ['token', 'kms:Decrypt', cell],
      ...['interaction', 'account'].flatMap((surface) => [
        [surface, 'kms:Decrypt', { ...usage, ...shared }],
        [surface, 'kms:Decrypt', cell],
      ]),
      ...['privacy', 'privacy-admin', 'erasure', 'export'].flatMap((surface) => [
        [surface, 'kms:Decrypt', { ...usage, ...shared }],
        [surface, 'kms:Decrypt', cell],
      ]),
    ]);
  });

  it('makes and ends signing keys only, under a tag that says so', () => {
    const making = onKeys.filter((statement) => actionsOf(statement).includes('kms:CreateKey'));
    expect(making.map(({ holder }) => holder)).toEqual(['provision', 'rotation']);
    for (const { Condition } of making) {
      expect(Condition).toMatchObject({
        StringEquals: {
          'aws:RequestTag/domicile:purpose': 'signing',
          'kms:KeyUsage': 'SIGN_VERIFY',
          'kms:KeySpec': ['RSA_2048', 'ECC_NIST_P256'],
        },
        Bool: { 'kms:MultiRegion': 'true' },
      });
    }
    const ending = onKeys.filter((statement) =>
      actionsOf(statement).some((action) => /Disable|Delet/.test(action)),
    );
    expect(ending.map(({ holder }) => holder)).toEqual(['rotation']);
    expect(ending[0]?.Condition).toEqual({
      StringEquals: {
        'aws:ResourceTag/domicile:purpose': 'signing',
        'kms:KeyUsage': 'SIGN_VERIFY',
      },
      Bool: { 'kms:MultiRegion': 'true' },
    });
  });

  it('tags no key that exists, unless it could be a signing key that has no purpose yet', () => {
    const tagging = onKeys.filter((statement) => actionsOf(statement).includes('kms:TagResource'));
    expect(tagging.map(({ holder }) => holder)).toEqual(['provision', 'rotation']);
    for (const { Condition } of tagging) {
      expect(Condition).toEqual({
        StringEquals: { 'aws:RequestTag/domicile:purpose': 'signing' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['domicile:purpose', 'domicile:generation'] },
        StringEqualsIfExists: {
          'aws:ResourceTag/domicile:purpose': 'signing',
          'kms:KeyUsage': 'SIGN_VERIFY',
        },
        BoolIfExists: { 'kms:MultiRegion': 'true' },
      });
    }
  });

  it('needs no tag for what follows the making of a key at once', () => {
    const early = onKeys.filter(
      (statement) =>
        !actionsOf(statement).some((action) => /Disable|Delet/.test(action)) &&
        // Evidence can wait: no other key is to sign it for lack of a tag.
        statement.Sid !== 'SignEvidence' &&
        JSON.stringify(statement.Condition?.['StringEquals'] ?? {}).includes('aws:ResourceTag'),
    );
    expect(early.map(({ Sid }) => Sid)).toEqual([]);
  });
});

describe('mail', () => {
  it('leaves in the name of the FromAddress parameter only', () => {
    const mailing = statements.filter(({ Sid }) => Sid === 'SendMail');
    expect(mailing.length).toBeGreaterThan(0);
    for (const statement of mailing) {
      expect(actionsOf(statement)).toEqual(['ses:SendEmail']);
      expect(statement.Condition).toEqual({
        StringEquals: { 'ses:FromAddress': { Ref: 'FromAddress' } },
      });
    }
  });
});

function leadingKeysOf(statement: PolicyStatement): ReadonlyArray<string> {
  expect(Object.keys(statement.Condition ?? {})).toEqual(['ForAllValues:StringLike']);
  const condition = statement.Condition?.['ForAllValues:StringLike'] ?? {};
  expect(Object.keys(condition)).toEqual(['dynamodb:LeadingKeys']);
  return [condition['dynamodb:LeadingKeys']].flat().map(String);
}

function writes(statement: PolicyStatement): boolean {
  return actionsOf(statement).some((action) => /Put|Update|Delete|BatchWrite/.test(action));
}
