import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  type PolicyStatement,
  propertiesOf,
  resourcesOf,
  roleStatements,
  STACKS,
} from './synthesized.ts';

const statements = roleStatements();
const named = statements.map((statement) => ({ title: titleOf(statement), statement }));
const onTables = named.filter(({ statement }) =>
  actionsOf(statement).some((action) => action.startsWith('dynamodb:')),
);

describe('every permission', () => {
  it.each(named)('$title allows named actions, none by wildcard', ({ statement }) => {
    expect(statement.Effect).toBe('Allow');
    for (const action of actionsOf(statement)) expect(action).toMatch(/^[a-z]+:[A-Za-z]+$/);
  });

  it.each(named)('$title names its resources', ({ statement }) => {
    const resource = JSON.stringify(statement.Resource);
    expect(resource).not.toBe('"*"');
    // A log group's ARN ends in `:*`, which means its streams. SES: see "mail" below.
    if (statement.Sid !== 'WriteLog' && statement.Sid !== 'SendMail') {
      expect(resource).not.toContain('*');
    }
  });

  it('stands in the role itself, so that no function runs before its permissions exist', () => {
    for (const stack of STACKS) {
      expect(resourcesOf(stack, 'AWS::IAM::Policy')).toEqual([]);
      for (const role of propertiesOf(stack, 'AWS::IAM::Role')) {
        expect(role).not.toHaveProperty('ManagedPolicyArns');
      }
    }
  });

  it('is held by one function: no two share a role', () => {
    const roles = STACKS.flatMap((stack) =>
      propertiesOf(stack, 'AWS::Lambda::Function').map((fn) => JSON.stringify(fn['Role'])),
    );
    expect(new Set(roles).size).toBe(roles.length);
    expect(roles).toHaveLength(5);
  });
});

describe('access to tables', () => {
  it.each(onTables)('$title is confined to the partitions of one entity', ({ statement }) => {
    for (const keys of leadingKeysOf(statement)) expect(keys).toMatch(/^[A-Z-]+(#\*)?$/);
    expect(actionsOf(statement)).not.toContain('dynamodb:Scan');
  });

  it.each([
    ['KEYRING', 'created', ['Provision']],
    ['SIGNING-KEYS', 'published', ['Provision']],
    ['CLIENT#*', 'changed', ['Admin']],
    ['CLIENTS', 'changed', ['Admin']],
    ['IDENTIFIER#*', 'claimed', ['Interaction']],
  ])('%s is %s by %j alone', (keys, _verb, writers) => {
    const found = onTables
      .filter(({ statement }) => leadingKeysOf(statement).includes(keys) && writes(statement))
      .map(({ statement }) => surfaceOf(statement));
    expect([...new Set(found)]).toEqual(writers);
  });

  it('gives the operators surface nothing of people', () => {
    const keys = onTables
      .filter(({ statement }) => surfaceOf(statement) === 'Admin')
      .flatMap(({ statement }) => leadingKeysOf(statement));
    expect([...new Set(keys)].sort()).toEqual(['CLIENT#*', 'CLIENTS']);
  });

  it('lets nobody on the request path delete the key of a person', () => {
    const deleters = onTables.filter(
      ({ statement }) =>
        JSON.stringify(statement.Resource).includes('domicile-keys') &&
        actionsOf(statement).some((action) => /Delete|Update/.test(action)),
    );
    expect(deleters).toEqual([]);
  });
});

describe('access to KMS keys', () => {
  const onKeys = statements.filter((statement) =>
    actionsOf(statement).some((action) => action.startsWith('kms:')),
  );

  it('lets the token surface alone sign, digests only, one algorithm per key', () => {
    const signing = onKeys.filter((statement) => actionsOf(statement).includes('kms:Sign'));
    expect(signing.map(surfaceOf)).toEqual(['Token', 'Token']);
    expect(signing.map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: {
          'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
      },
      { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' } },
    ]);
  });

  it('opens the keyring for its purpose only, and lets provisioning alone wrap one', () => {
    const keyring = onKeys.filter((statement) =>
      actionsOf(statement).some((action) => /crypt$/.test(action)),
    );
    for (const { Condition } of keyring) {
      expect(Condition).toEqual({
        StringEquals: { 'kms:EncryptionContext:domicile:purpose': 'keyring' },
      });
    }
    const wrapping = keyring.filter((statement) => actionsOf(statement).includes('kms:Encrypt'));
    expect(wrapping.map(surfaceOf)).toEqual(['Provision']);
    expect(wrapping.flatMap(actionsOf)).toEqual(['kms:Encrypt']);
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

/** `TokenSurfaceRole1A2B` → `Token`. */
function surfaceOf(statement: PolicyStatement): string {
  return /^[A-Z][a-z]+/.exec(statement.role)?.[0] ?? statement.role;
}

function titleOf(statement: PolicyStatement): string {
  return `${surfaceOf(statement)}.${statement.Sid}`;
}
