import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OPERATOR_ROLE_ARN } from '../../local/iam/principals.ts';
import {
  ask,
  authorizerOf,
  document,
  ROLE_ARN,
  ROOT_STATEMENT,
  refusal,
  role,
  TABLE_ARN,
} from './iam-fixtures.ts';
import { refusalOf } from './template-fixtures.ts';

const READ = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE_ARN };
const SESSION = 'arn:aws:sts::111122223333:assumed-role/token/domicile-token';

describe('identity-based policies', () => {
  test('allow what a statement names, and say which', () => {
    expect(ask(authorizerOf(role(READ)))).toEqual({
      allowed: true,
      statementIds: ['Identity/Role/Policy#0'],
    });
  });

  test("refuse the rest in AWS's words, with the statement that is missing", () => {
    expect(ask(authorizerOf(role(READ)), { action: 'dynamodb:PutItem' })).toEqual({
      allowed: false,
      message: `User: ${SESSION} is not authorized to perform: dynamodb:PutItem on resource: ${TABLE_ARN} because no identity-based policy allows the dynamodb:PutItem action`,
      suggestion: JSON.stringify({
        Effect: 'Allow',
        Action: 'dynamodb:PutItem',
        Resource: TABLE_ARN,
      }),
    });
  });

  test('are suggested with key prefixes, never with a key', () => {
    const decision = ask(authorizerOf(role()), {
      context: { 'dynamodb:LeadingKeys': ['USER#alice', 'USER#bob', 'KEYRING'] },
    });
    expect(decision).toMatchObject({
      suggestion: expect.stringContaining('"dynamodb:LeadingKeys":["USER#*","KEYRING"]'),
    });
  });

  test.each<[string, unknown, boolean]>([
    ['an action in another case', { ...READ, Action: 'DynamoDB:getitem' }, true],
    ['a wildcard action', { ...READ, Action: 'dynamodb:Get*' }, true],
    ['one of several actions', { ...READ, Action: ['kms:Sign', 'dynamodb:GetItem'] }, true],
    ['all but another action', { ...READ, Action: undefined, NotAction: 'dynamodb:Scan' }, true],
    ['all but this action', { ...READ, Action: undefined, NotAction: 'dynamodb:Get*' }, false],
    ['another table', { ...READ, Resource: `${TABLE_ARN}2` }, false],
    ['all but this table', { ...READ, Resource: undefined, NotResource: TABLE_ARN }, false],
    [
      'a condition that fails',
      { ...READ, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      false,
    ],
    [
      'the region of the request',
      { ...READ, Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } } },
      true,
    ],
    [
      'the role by a condition on its ARN, in any case of the key',
      { ...READ, Condition: { ArnEquals: { 'AWS:principalARN': ROLE_ARN } } },
      true,
    ],
  ])('that name %s', (_, statement, allowed) => {
    const withoutUndefined: unknown = JSON.parse(JSON.stringify(statement));
    expect(ask(authorizerOf(role(withoutUndefined))).allowed).toBe(allowed);
  });

  test('are found inline, attached, managed and in the role itself', () => {
    const properties = { RoleName: 'token', AssumeRolePolicyDocument: {} };
    const Type = 'AWS::IAM::Role';
    const managed = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document(READ) },
    };
    const Policies = [{ PolicyName: 'Read', PolicyDocument: document(READ) }];
    const inline = authorizerOf({ Role: { Type, Properties: { ...properties, Policies } } });
    const named = authorizerOf({
      Managed: managed,
      Role: { Type, Properties: { ...properties, ManagedPolicyArns: [{ Ref: 'Managed' }] } },
    });
    const naming = authorizerOf({
      Managed: { ...managed, Properties: { ...managed.Properties, Roles: ['token'] } },
      Role: { Type, Properties: properties },
    });
    expect(ask(inline)).toMatchObject({ statementIds: ['Identity/Role/Read#0'] });
    expect(ask(named)).toMatchObject({ statementIds: ['Identity/Role/Managed#0'] });
    expect(ask(naming)).toMatchObject({ statementIds: ['Identity/Role/Managed#0'] });
  });

  test('of AWS are known by name', () => {
    const ManagedPolicyArns = ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'];
    const authorizer = authorizerOf({
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'token', ManagedPolicyArns } },
    });
    const action = 'logs:PutLogEvents';
    const resource = 'arn:aws:logs:eu-central-1:111122223333:log-group:/x:log-stream:y';
    expect(ask(authorizer, { action, resource }).allowed).toBe(true);
    expect(ask(authorizer).allowed).toBe(false);
  });

  test('of another role do not help', () => {
    const principal = { roleArn: `${ROLE_ARN}2`, name: 'x' };
    expect(ask(authorizerOf(role(READ)), { principal }).allowed).toBe(false);
  });

  test('leave the operator everything', () => {
    const principal = { roleArn: OPERATOR_ROLE_ARN, name: 'cli' };
    expect(ask(authorizerOf(role()), { principal }).allowed).toBe(true);
  });
});

describe('an explicit deny', () => {
  test('is reported as such', () => {
    const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
    expect(refusal(ask(authorizerOf(role(READ, deny))))).toBe(
      `User: ${SESSION} is not authorized to perform: dynamodb:GetItem on resource: ${TABLE_ARN} with an explicit deny in an identity-based policy`,
    );
  });

  test('wins, whatever else is allowed and in whatever order', () => {
    const statement = fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.constantFrom('*', 'dynamodb:*', 'dynamodb:GetItem', 'dynamodb:PutItem'),
      Resource: fc.constantFrom('*', TABLE_ARN, `${TABLE_ARN}/*`),
    });
    const fits = ({ Action, Resource }: { Action: string; Resource: string }): boolean =>
      Action !== 'dynamodb:PutItem' && Resource !== `${TABLE_ARN}/*`;
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6 }), (statements) => {
        const fitting = statements.filter(fits);
        const isAllowed =
          fitting.some(({ Effect }) => Effect === 'Allow') &&
          !fitting.some(({ Effect }) => Effect === 'Deny');
        expect(ask(authorizerOf(role(...statements))).allowed).toBe(isAllowed);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a KMS key', () => {
  const SIGN = { Effect: 'Allow', Action: 'kms:Sign', Resource: '*' };
  const BY_NAME = { ...SIGN, Principal: { AWS: ROLE_ARN } };
  const REASON = {
    identity: 'because no identity-based policy allows the kms:Sign action',
    resource: 'because no resource-based policy allows the kms:Sign action',
    deny: 'with an explicit deny in a resource-based policy',
  };

  function decide(identity: ReadonlyArray<unknown>, ...keyPolicy: ReadonlyArray<unknown>) {
    const KeyPolicy = keyPolicy.length === 0 ? undefined : document(...keyPolicy);
    const Properties = KeyPolicy === undefined ? {} : { KeyPolicy };
    const authorizer = authorizerOf({
      ...role(...identity),
      Key: { Type: 'AWS::KMS::Key', Properties },
    });
    const owner = authorizer.statements().find(({ kind }) => kind === 'resource')?.owner ?? '';
    return ask(authorizer, { action: 'kms:Sign', resource: owner });
  }

  test.each<[string, ReadonlyArray<unknown>, ReadonlyArray<unknown>, string]>([
    ['that delegates to IAM, with a grant', [SIGN], [ROOT_STATEMENT], 'allowed'],
    ['that delegates to IAM, without a grant', [], [ROOT_STATEMENT], REASON.identity],
    ['with the default policy, with a grant', [SIGN], [], 'allowed'],
    ['that names the role, without a grant', [], [BY_NAME], 'allowed'],
    [
      'that names another role, with a grant',
      [SIGN],
      [{ ...BY_NAME, Principal: { AWS: `${ROLE_ARN}2` } }],
      REASON.resource,
    ],
    [
      'that delegates another action, with a grant',
      [SIGN],
      [{ ...ROOT_STATEMENT, Action: 'kms:Decrypt' }],
      REASON.resource,
    ],
    [
      'that denies, with a grant',
      [SIGN],
      [ROOT_STATEMENT, { ...BY_NAME, Effect: 'Deny' }],
      REASON.deny,
    ],
    [
      'that delegates under a condition which fails',
      [SIGN],
      [{ ...ROOT_STATEMENT, Condition: { StringEquals: { 'kms:CallerAccount': '1' } } }],
      REASON.resource,
    ],
  ])('%s', (_, identity, keyPolicy, outcome) => {
    expect(refusal(decide(identity, ...keyPolicy))).toContain(outcome);
  });

  test('names both statements that together allowed the call', () => {
    expect(decide([SIGN], ROOT_STATEMENT)).toEqual({
      allowed: true,
      statementIds: ['Identity/Role/Policy#0', 'Identity/Key/KeyPolicy#0'],
    });
  });
});

describe('a Lambda function', () => {
  const resource = 'arn:aws:lambda:eu-central-1:111122223333:function:token';
  const source = 'arn:aws:execute-api:eu-central-1:111122223333:api';
  const authorizer = authorizerOf({
    ...role(),
    Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'token' } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
        Principal: 'apigateway.amazonaws.com',
        SourceArn: `${source}/*/*/token`,
      },
    },
  });
  const invoke = (roleArn: string, route: string) =>
    ask(authorizer, {
      principal: { roleArn, name: 'api' },
      action: 'lambda:InvokeFunction',
      resource,
      context: { 'aws:SourceArn': [`${source}/$default/${route}`] },
    });

  test('lets the service that its permission names invoke it', () => {
    expect(invoke('apigateway.amazonaws.com', 'POST/token')).toEqual({
      allowed: true,
      statementIds: ['Identity/Permission/Permission#0'],
    });
  });

  test.each([
    ['from another route', 'apigateway.amazonaws.com', 'POST/other', 'no resource-based policy'],
    ['as another service', 'events.amazonaws.com', 'POST/token', 'no resource-based policy'],
    ['as a role without a grant', ROLE_ARN, 'POST/token', 'no identity-based policy'],
  ])('refuses %s', (_, caller, route, reason) => {
    expect(refusal(invoke(caller, route))).toContain(reason);
  });
});

describe('a malformed policy stops the start, naming the statement', () => {
  test.each<[string, unknown, string]>([
    ['without effect', { Action: '*', Resource: '*' }, 'Effect must be Allow or Deny'],
    ['without action', { Effect: 'Allow', Resource: '*' }, 'either Action or NotAction'],
    ['with both resources', { ...READ, NotResource: '*' }, 'either Resource or NotResource'],
    ['with a principal', { ...READ, Principal: '*' }, 'this kind of policy has no Principal'],
    ['with an unknown element', { ...READ, Actions: '*' }, 'knows no element Actions'],
    ['with a resource that is no ARN', { ...READ, Resource: 'people' }, 'must be in ARN format'],
    ['with an ARN cut short', { ...READ, Resource: 'arn:aws:dynamodb:*' }, 'must be in ARN format'],
    ['with an unresolved value', { ...READ, Resource: { a: 1 } }, 'holds {"a":1}'],
    ['with an unknown operator', { ...READ, Condition: { Like: {} } }, 'condition operator Like'],
  ])('%s', (_, statement, message) => {
    const refused = refusalOf(() => authorizerOf(role(READ, statement)));
    expect(refused).toContain(message);
    expect(refused).toContain('Identity/Role/Policy#1');
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an unknown managed policy', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/X'] }, 'policy/X'],
    ['a permissions boundary', { PermissionsBoundary: 'arn' }, 'boundaries are not evaluated'],
  ])('%s', (_, Properties, message) => {
    const Role = { Type: 'AWS::IAM::Role', Properties };
    expect(refusalOf(() => authorizerOf({ Role }))).toContain(message);
  });
});
