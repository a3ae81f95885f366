import { findString, type JsonObject } from './json-object.ts';
import { findSource } from './restored-tables.ts';
import { arnOf, keyContext, type Query, type Region } from './table-arns.ts';

/** What is done to the new table on the caller's behalf (Developer Guide, "Restoring: permissions"). */
const FILLING = [
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
];

/** What `RestoreTableToPointInTime` asks of its caller. */
export function restoreAccess(where: Region, input: JsonObject): ReadonlyArray<Query> {
  const source = findSource(where.tables, input);
  const action = 'dynamodb:RestoreTableToPointInTime';
  const target = arnOf(where, findString(input, 'TargetTableName') ?? '');
  const from = source?.arn ?? target;
  const { kmsKeyArn: key, name = '' } = source ?? {};
  const context = keyContext(where, name);
  return [
    { action, resource: from, context: {} },
    { action, resource: target, context: {} },
    ...FILLING.map((one) => ({ action: `dynamodb:${one}`, resource: target, context: {} })),
    ...(key === undefined
      ? []
      : ['DescribeKey', 'CreateGrant', 'Decrypt'].map((one) => ({
          action: `kms:${one}`,
          resource: key,
          context,
        }))),
  ];
}
