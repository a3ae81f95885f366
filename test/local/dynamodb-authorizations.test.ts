import { describe, expect, test } from 'vitest';
import { authorizationsOf } from '../../local/dynamodb/authorizations.ts';
import { readTable } from '../../local/dynamodb/table.ts';
import { dataTable, KEY_ARN, key, keyTable, NAMES } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION } from './service-endpoint.ts';

const indexed = {
  ...keyTable,
  physicalId: 'indexed',
  attributes: {},
  properties: {
    ...keyTable.properties,
    GlobalSecondaryIndexes: [
      { IndexName: 'by-owner', KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }] },
    ],
  },
};

const where = {
  region: REGION,
  account: ACCOUNT,
  tables: [dataTable, keyTable, indexed].map((one) => readTable(one, ACCOUNT)),
};

const ask = (operation: string, input: Record<string, unknown>) =>
  authorizationsOf(where, operation, input);

const arn = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
const TableName = NAMES.keys;

describe('what IAM is asked', () => {
  test('a read names the table, the partition key and what is selected', () => {
    expect(ask('GetItem', { TableName, Key: key('USER#1') })).toEqual([
      {
        action: 'dynamodb:GetItem',
        resource: arn(TableName),
        context: {
          'dynamodb:Select': ['ALL_ATTRIBUTES'],
          'dynamodb:LeadingKeys': ['USER#1'],
        },
      },
    ]);
  });

  test('a table under a customer-managed key also asks to decrypt, on the caller’s behalf', () => {
    const [, decrypt] = ask('PutItem', { TableName: NAMES.data, Item: key('A') });
    expect(decrypt).toMatchObject({
      action: 'kms:Decrypt',
      resource: KEY_ARN,
      context: {
        'kms:ViaService': [`dynamodb.${REGION}.amazonaws.com`],
        'kms:CallerAccount': [ACCOUNT],
      },
    });
  });

  test('a query resolves names and values of its key condition', () => {
    const [query] = ask('Query', {
      TableName,
      KeyConditionExpression: ':p = #k AND begins_with(sk, :s)',
      ExpressionAttributeNames: { '#k': 'pk' },
      ExpressionAttributeValues: { ':p': { S: 'USER#1' }, ':s': { S: 'ACCOUNT' } },
    });
    expect(query?.context['dynamodb:LeadingKeys']).toEqual(['USER#1']);
  });

  test('a query of an index names the index and its own partition key', () => {
    const [query] = ask('Query', {
      TableName: 'indexed',
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': { S: 'ada' } },
    });
    expect(query?.resource).toBe(`${arn('indexed')}/index/by-owner`);
    expect(query?.context['dynamodb:LeadingKeys']).toEqual(['ada']);
  });

  test('a transaction asks for each action on each table, with all the keys touched there', () => {
    const asked = ask('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName, Item: key('A') } },
        { Put: { TableName, Item: key('B') } },
        { Delete: { TableName, Key: key('C') } },
        {
          ConditionCheck: { TableName, Key: key('D'), ConditionExpression: 'attribute_exists(pk)' },
        },
      ],
    });
    expect(asked.map(({ action, context }) => [action, context['dynamodb:LeadingKeys']])).toEqual([
      ['dynamodb:PutItem', ['A', 'B']],
      ['dynamodb:DeleteItem', ['C']],
      ['dynamodb:ConditionCheckItem', ['D']],
    ]);
    expect(asked[0]?.context['dynamodb:EnclosingOperation']).toEqual(['TransactWriteItems']);
  });

  test('a batch asks once per table', () => {
    const asked = ask('BatchGetItem', {
      RequestItems: {
        [NAMES.keys]: { Keys: [key('A', 'KEY'), key('B', 'KEY')] },
        indexed: { Keys: [key('C')] },
      },
    });
    expect(
      asked.map(({ resource, context }) => [resource, context['dynamodb:LeadingKeys']]),
    ).toEqual([
      [arn(NAMES.keys), ['A', 'B']],
      [arn('indexed'), ['C']],
    ]);
  });

  test('attributes named by expressions are told', () => {
    const [update] = ask('UpdateItem', {
      TableName,
      Key: key('A'),
      UpdateExpression: 'SET #s.shade = :v REMOVE gone',
      ConditionExpression: 'version = :v',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':v': { N: '1' } },
    });
    expect(update?.context['dynamodb:Attributes']).toEqual([
      'pk',
      'sk',
      'state',
      'gone',
      'version',
    ]);
  });

  test.each([
    ['no input at all', {}],
    ['a table of the wrong type', { TableName: 7, Key: 'x' }],
    ['an expression that does not parse', { TableName, KeyConditionExpression: '((' }],
    [
      'values of the wrong shape',
      { TableName, KeyConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': 1 } },
    ],
  ])('%s is still answered, and refused later', (_, input) => {
    expect(ask('Query', input)[0]?.context).not.toHaveProperty('dynamodb:LeadingKeys');
  });
});
