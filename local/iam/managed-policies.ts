import type { JsonObject } from '../template/json.ts';

/** AWS's own policies that a template may name, by their path below `arn:aws:iam::aws:policy/`. */
export const MANAGED_POLICIES: Readonly<Record<string, JsonObject>> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '*',
      },
    ],
  },
};
