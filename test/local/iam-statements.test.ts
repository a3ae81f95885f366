import { describe, expect, test } from 'vitest';
import {
  createAuthorizer,
  type IamAuthorizer,
  type ListedStatement,
} from '../../local/iam/authorizer.ts';
import { requireTrust } from '../../local/iam/trust.ts';
import { mergeUsage } from '../../local/iam/usage.ts';
import { withoutStatement } from '../../local/iam/without-statement.ts';
import { deploy } from '../../local/template/deployment.ts';
import {
  ask,
  authorizerOf,
  document,
  ROLE_ARN,
  ROOT_STATEMENT,
  role,
  TABLE_ARN,
} from './iam-fixtures.ts';
import { refusalOf, stackOf } from './template-fixtures.ts';

const INDEX_ARN = `${TABLE_ARN}/index/*`;
const READ = {
  Effect: 'Allow',
  Action: ['dynamodb:GetItem', 'dynamodb:Query'],
  Resource: [TABLE_ARN, INDEX_ARN],
};

describe('usage', () => {
  test('counts each action on each resource by itself', () => {
    const authorizer = authorizerOf(role(READ));
    ask(authorizer);
    ask(authorizer, { action: 'dynamodb:Query', resource: `${TABLE_ARN}/index/by-mail` });
    expect(authorizer.unused()).toEqual([
      {
        statementId: 'Identity/Role/Policy#0',
        owner: ROLE_ARN,
        action: 'dynamodb:GetItem',
        resource: INDEX_ARN,
        calls: 0,
      },
      {
        statementId: 'Identity/Role/Policy#0',
        owner: ROLE_ARN,
        action: 'dynamodb:Query',
        resource: TABLE_ARN,
        calls: 0,
      },
    ]);
  });

  test('does not count what was refused', () => {
    const deny = { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: '*' };
    const authorizer = authorizerOf(role({ ...READ, Resource: TABLE_ARN }, deny));
    ask(authorizer);
    expect(authorizer.usage().map(({ calls }) => calls)).toEqual([0, 0]);
  });

  test('asks no use of a deny', () => {
    const authorizer = authorizerOf(role({ Effect: 'Deny', Action: '*', Resource: '*' }));
    expect(authorizer.unused()).toEqual([]);
  });

  test('asks use of every key prefix that a condition admits', () => {
    const Condition = {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#*', 'CHALLENGE#*'] },
    };
    const statement = {
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: TABLE_ARN,
      Condition,
    };
    const authorizer = authorizerOf(role(statement));
    ask(authorizer, { context: { 'dynamodb:LeadingKeys': ['USER#1'] } });
    expect(authorizer.unused()).toEqual([
      {
        statementId: 'Identity/Role/Policy#0',
        owner: ROLE_ARN,
        action: 'ForAllValues:StringLike dynamodb:LeadingKeys',
        resource: 'CHALLENGE#*',
        calls: 0,
      },
    ]);
  });

  test('is counted for each cell by itself, although their stacks share the ids of statements', () => {
    const template = (name: string) =>
      JSON.parse(JSON.stringify(role({ ...READ, Resource: '*' })).replaceAll('token', name));
    const authorizer = createAuthorizer(
      deploy([
        stackOf({ Resources: template('token') }),
        stackOf({ Resources: template('token-us') }, { region: 'us-east-1' }),
      ]),
    );
    ask(authorizer);
    expect(authorizer.unused().map(({ owner, action }) => [owner, action])).toEqual([
      [ROLE_ARN, 'dynamodb:Query'],
      [`${ROLE_ARN}-us`, 'dynamodb:GetItem'],
      [`${ROLE_ARN}-us`, 'dynamodb:Query'],
    ]);
  });

  test('of several runs adds up', () => {
    const runs = [1, 2].map(() => {
      const authorizer = authorizerOf(role({ ...READ, Resource: TABLE_ARN }));
      ask(authorizer);
      return authorizer.usage();
    });
    expect(mergeUsage(runs).map(({ calls }) => calls)).toEqual([2, 0]);
  });
});

describe('without a statement', () => {
  const stack = stackOf({
    Resources: {
      ...role(READ, { ...READ, Action: 'dynamodb:PutItem' }),
      Inline: {
        Type: 'AWS::IAM::Role',
        Properties: { Policies: [{ PolicyName: 'Read', PolicyDocument: document(READ) }] },
      },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(ROOT_STATEMENT) } },
      DefaultKey: { Type: 'AWS::KMS::Key' },
      Function: { Type: 'AWS::Lambda::Function' },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: { Ref: 'Function' },
          Principal: 'apigateway.amazonaws.com',
        },
      },
      Route: { Type: 'AWS::ApiGatewayV2::Route', DependsOn: ['Permission'] },
    },
  });
  const listOf = (of = stack) => createAuthorizer(deploy([of])).statements();

  test('every removable one is gone, and no other', () => {
    const all = listOf();
    const removable = all.filter(({ isRemovable }) => isRemovable);
    expect(removable).toHaveLength(5);
    for (const { id, json } of removable) {
      const expected = all.map((statement) => JSON.stringify(statement.json));
      expected.splice(expected.indexOf(JSON.stringify(json)), 1);
      const left = listOf(withoutStatement(stack, id)).map((one) => JSON.stringify(one.json));
      expect(left.toSorted()).toEqual(expected.toSorted());
    }
  });

  test('policies that are read already are what those of the changed template would be', () => {
    const authorizer = createAuthorizer(deploy([stack]));
    for (const { id, isRemovable } of authorizer.statements()) {
      if (!isRemovable) continue;
      const held = (statements: ReadonlyArray<ListedStatement>) =>
        statements.map(({ owner, kind, json }) => [owner, kind, json]);
      const changed = listOf(withoutStatement(stack, id));
      expect(held(authorizer.without(id).statements())).toEqual(held(changed));
    }
  });

  test('of an owner named, what another cell has of the same id stays', () => {
    const authorizer = createAuthorizer(deploy([stack, { ...stack, region: 'us-east-1' }]));
    const ofKeys = (one: Pick<IamAuthorizer, 'statements'>) =>
      one.statements().filter(({ id }) => id === 'Identity/Key/KeyPolicy#0');
    const owners = ofKeys(authorizer).map(({ owner }) => owner);
    expect(owners).toEqual([
      expect.stringContaining(':eu-central-1:'),
      expect.stringContaining(':us-east-1:'),
    ]);
    const left = authorizer.without('Identity/Key/KeyPolicy#0', owners[1]);
    expect(ofKeys(left).map(({ owner }) => owner)).toEqual(owners.slice(0, 1));
    expect(ofKeys(authorizer.without('Identity/Key/KeyPolicy#0'))).toEqual([]);
  });

  test('other stacks stay as they are', () => {
    expect(withoutStatement(stack, 'Data/Role/Policy#0')).toBe(stack);
  });

  test.each([
    ['Identity/Role/Policy#2', 'is not in the template'],
    ['Identity/Inline/Write#0', 'is not in the template'],
    ['Identity/Nobody/Permission#0', 'is not in the template'],
    ['aws:Identity/DefaultKey/KeyPolicy#0', "is AWS's own and in no template"],
    ['Policy', 'is not the id of a statement'],
  ])('%s %s', (id, message) => {
    expect(refusalOf(() => withoutStatement(stack, id))).toBe(`${id}: ${message}`);
  });
});

describe('trust', () => {
  const deployment = deploy([stackOf({ Resources: role() })]);

  test('lets Lambda run a function under a role that says so', () => {
    expect(() => requireTrust(deployment, ROLE_ARN, 'lambda.amazonaws.com')).not.toThrow();
  });

  test.each([
    [
      ROLE_ARN,
      'states.amazonaws.com',
      `The role ${ROLE_ARN} cannot be assumed by states.amazonaws.com.`,
    ],
    [`${ROLE_ARN}2`, 'lambda.amazonaws.com', `The role ${ROLE_ARN}2 does not exist.`],
  ])('refuses %s to %s', (roleArn, service, message) => {
    expect(refusalOf(() => requireTrust(deployment, roleArn, service))).toBe(message);
  });

  test("refuses a function in Lambda's words", () => {
    const AssumeRolePolicyDocument = document({
      Effect: 'Allow',
      Principal: { Service: 'states.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    const Properties = { RoleName: 'token', AssumeRolePolicyDocument };
    const other = deploy([
      stackOf({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties } } }),
    ]);
    expect(refusalOf(() => requireTrust(other, ROLE_ARN, 'lambda.amazonaws.com'))).toBe(
      'The role defined for the function cannot be assumed by Lambda.',
    );
  });
});
