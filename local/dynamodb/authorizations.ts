/** Which actions, resources and condition keys a DynamoDB request is checked against by IAM. */
import { attributesOf, partitionKeyValuesOfQuery } from './expressions.ts';
import { findString, isObject, type JsonObject, readObject, readObjects } from './json-object.ts';
import { restoreAccess } from './restore-authorizations.ts';
import { STREAM_OPERATIONS } from './stream-journal.ts';
import { partitionKeyOfIndex } from './table.ts';
import { arnOf, keyContext, type Query, type Region } from './table-arns.ts';

/** One action on one table, with everything that the request does to it. */
interface Access {
  readonly action: string;
  readonly tableName: string;
  readonly indexName?: string;
  readonly leadingKeys: ReadonlyArray<string>;
  readonly attributes: ReadonlyArray<string>;
  readonly extra?: Readonly<Record<string, ReadonlyArray<string>>>;
}

export function authorizationsOf(
  where: Region,
  operation: string,
  input: JsonObject,
): ReadonlyArray<Query> {
  if (operation === 'ListTables')
    return [{ action: 'dynamodb:ListTables', resource: '*', context: {} }];
  if (operation === 'RestoreTableToPointInTime') return restoreAccess(where, input);
  if (STREAM_OPERATIONS.has(operation)) return [streamAccess(where, operation, input)];
  const accesses = merge(accessesOf(where, operation, input));
  return [...accesses.map((access) => toQuery(where, access)), ...keyUse(where, accesses)];
}

function accessesOf(where: Region, operation: string, input: JsonObject): ReadonlyArray<Access> {
  switch (operation) {
    case 'TransactWriteItems':
      return readObjects(input, 'TransactItems').flatMap((item) =>
        TRANSACT_ACTIONS.filter(([member]) => isObject(item[member])).map(([member, action]) =>
          enclosed(itemAccess(where, action, readObject(item, member)), operation),
        ),
      );
    case 'TransactGetItems':
      return readObjects(input, 'TransactItems').map((item) =>
        enclosed(itemAccess(where, 'GetItem', readObject(item, 'Get')), operation),
      );
    case 'BatchGetItem':
      return Object.entries(readObject(input, 'RequestItems')).map(([tableName, request]) =>
        batchAccess(where, operation, tableName, isObject(request) ? request : {}),
      );
    case 'BatchWriteItem':
      return Object.entries(readObject(input, 'RequestItems')).flatMap(([tableName, requests]) =>
        (Array.isArray(requests) ? requests : []).filter(isObject).map((request) => {
          const put = readObject(request, 'PutRequest');
          const body = isObject(request['PutRequest']) ? put : readObject(request, 'DeleteRequest');
          return itemAccess(where, operation, { TableName: tableName, ...body });
        }),
      );
    default:
      return [itemAccess(where, operation, input)];
  }
}

const TRANSACT_ACTIONS = [
  ['ConditionCheck', 'ConditionCheckItem'],
  ['Put', 'PutItem'],
  ['Update', 'UpdateItem'],
  ['Delete', 'DeleteItem'],
] as const;

function enclosed(access: Access, operation: string): Access {
  return { ...access, extra: { ...access.extra, 'dynamodb:EnclosingOperation': [operation] } };
}

function itemAccess(where: Region, action: string, input: JsonObject): Access {
  const tableName = findString(input, 'TableName') ?? '';
  const indexName = findString(input, 'IndexName');
  const table = where.tables.find(({ name }) => name === tableName);
  const partitionKey = table && partitionKeyOfIndex(table, indexName);
  const key = isObject(input['Key']) ? input['Key'] : readObject(input, 'Item');
  const leadingKeys =
    action === 'Query'
      ? partitionKeyValuesOfQuery(input, partitionKey)
      : valuesAt(key, partitionKey);
  return {
    action,
    tableName,
    ...(indexName !== undefined && { indexName }),
    leadingKeys,
    attributes: attributesOf(input),
    extra: { ...selectOf(action, input), ...returnValuesOf(input) },
  };
}

function batchAccess(
  where: Region,
  action: string,
  tableName: string,
  request: JsonObject,
): Access {
  const table = where.tables.find(({ name }) => name === tableName);
  return {
    action,
    tableName,
    leadingKeys: readObjects(request, 'Keys').flatMap((key) => valuesAt(key, table?.partitionKey)),
    attributes: attributesOf(request),
    extra: selectOf(action, request),
  };
}

function valuesAt(key: JsonObject, partitionKey: string | undefined): ReadonlyArray<string> {
  if (partitionKey === undefined) return [];
  return Object.values(readObject(key, partitionKey)).filter((value) => typeof value === 'string');
}

/** `dynamodb:Select` exists for reads; a projection makes it SPECIFIC_ATTRIBUTES. */
function selectOf(action: string, input: JsonObject): Record<string, ReadonlyArray<string>> {
  if (!['GetItem', 'BatchGetItem', 'Query', 'Scan'].includes(action)) return {};
  const projected = 'ProjectionExpression' in input || 'AttributesToGet' in input;
  const unsaid = projected ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES';
  return { 'dynamodb:Select': [findString(input, 'Select') ?? unsaid] };
}

function returnValuesOf(input: JsonObject): Record<string, ReadonlyArray<string>> {
  const value = findString(input, 'ReturnValues');
  return value === undefined ? {} : { 'dynamodb:ReturnValues': [value] };
}

/** AWS evaluates each action once per table, over all the keys that the request touches there. */
function merge(accesses: ReadonlyArray<Access>): ReadonlyArray<Access> {
  const merged = new Map<string, Access>();
  for (const access of accesses) {
    const id = JSON.stringify([access.action, access.tableName, access.indexName]);
    const known = merged.get(id);
    merged.set(id, {
      ...access,
      leadingKeys: [...new Set([...(known?.leadingKeys ?? []), ...access.leadingKeys])],
      attributes: [...new Set([...(known?.attributes ?? []), ...access.attributes])],
    });
  }
  return [...merged.values()];
}

function toQuery(where: Region, access: Access): Query {
  const { action, leadingKeys, attributes, indexName } = access;
  const arn = arnOf(where, access.tableName);
  return {
    action: `dynamodb:${action}`,
    resource: indexName === undefined ? arn : `${arn}/index/${indexName}`,
    context: {
      ...access.extra,
      ...(leadingKeys.length > 0 && { 'dynamodb:LeadingKeys': leadingKeys }),
      ...(attributes.length > 0 && { 'dynamodb:Attributes': attributes }),
    },
  };
}

const TOUCHES_NO_ITEM = /^(Describe|Delete|Update)(Table|TimeToLive|ContinuousBackups)$/;

/**
 * A table under a customer-managed key is readable only to callers whom that key lets decrypt:
 * DynamoDB asks KMS on the caller's behalf, with the encryption context that it uses for the table.
 */
function keyUse(where: Region, accesses: ReadonlyArray<Access>): ReadonlyArray<Query> {
  const names = accesses
    .filter(({ action }) => !TOUCHES_NO_ITEM.test(action))
    .map(({ tableName }) => tableName);
  return [...new Set(names)].flatMap((name) => {
    const table = where.tables.find((one) => one.name === name);
    if (table?.kmsKeyArn === undefined) return [];
    return [{ action: 'kms:Decrypt', resource: table.kmsKeyArn, context: keyContext(where, name) }];
  });
}

function streamAccess(where: Region, operation: string, input: JsonObject): Query {
  const { region, account } = where;
  const everyStream = `arn:aws:dynamodb:${region}:${account}:table/*/stream/*`;
  const iterator = findString(input, 'ShardIterator')
    ?.split('|')
    .find((part) => part.startsWith('arn:'));
  const resource =
    operation === 'ListStreams' ? '*' : (findString(input, 'StreamArn') ?? iterator ?? everyStream);
  return { action: `dynamodb:${operation}`, resource, context: {} };
}
