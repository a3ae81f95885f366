import { createAuthorizer, type IamAuthorizer } from '../../local/iam/authorizer.ts';
import { deploy } from '../../local/template/deployment.ts';
import type {
  AuthorizationDecision,
  AuthorizationQuery,
  TemplateResource,
} from '../../local/types.ts';
import { stackOf } from './template-fixtures.ts';

const ACCOUNT = '111122223333';
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/token`;
export const TABLE_ARN = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/people`;

export const ROOT_STATEMENT = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};

/** The role `token`, whose one policy holds the statements. */
export function role(
  ...statements: ReadonlyArray<unknown>
): Readonly<Record<string, TemplateResource>> {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'token',
        AssumeRolePolicyDocument: document({
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
      },
    },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document(...statements) },
    },
  };
}

export function document(...statements: ReadonlyArray<unknown>) {
  return { Version: '2012-10-17', Statement: statements };
}

export function authorizerOf(Resources: Readonly<Record<string, TemplateResource>>): IamAuthorizer {
  return createAuthorizer(deploy([stackOf({ Resources })]));
}

/** What the role `token` may do to the table `people`, unless the query says otherwise. */
export function ask(
  authorizer: IamAuthorizer,
  query: Partial<AuthorizationQuery> = {},
): AuthorizationDecision {
  return authorizer.authorize({
    principal: { roleArn: ROLE_ARN, name: 'domicile-token' },
    region: 'eu-central-1',
    action: 'dynamodb:GetItem',
    resource: TABLE_ARN,
    context: {},
    ...query,
  });
}

export function refusal(decision: AuthorizationDecision): string {
  return decision.allowed ? 'allowed' : decision.message;
}
