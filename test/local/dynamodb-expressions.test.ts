/** What has been parsed once is kept: it must be nobody else's values that a request is judged by. */
import {
  type AttributeValue,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enginesHere, key, NAMES, openDynamoDb, type TestDynamoDb } from './dynamodb-fixtures.ts';

type Values = NonNullable<ConstructorParameters<typeof UpdateItemCommand>[0]>;

describe.each(enginesHere())('%s', { timeout: 30_000 }, (engine) => {
  let db: TestDynamoDb;

  beforeAll(async () => {
    db = await openDynamoDb(engine);
  }, 60_000);

  beforeEach(async () => {
    await db.service.reset();
    await db.put('A', { count: { N: '5' } });
  });

  afterAll(() => db.close());

  const update = (rest: Partial<Values>) =>
    db.client.send(new UpdateItemCommand({ TableName: NAMES.data, Key: key('A'), ...rest })).then(
      () => 'done',
      (error: Error) => error.message,
    );

  test('an expression that comes again stores its own values', async () => {
    for (const count of ['1', '2', '3']) {
      const ExpressionAttributeValues = { ':count': { N: count }, ':tags': { SS: [`t${count}`] } };
      const UpdateExpression = 'SET #count = :count, tags = :tags';
      const ExpressionAttributeNames = { '#count': 'count' };
      await update({ UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues });
      const stored = { count: { N: count }, tags: { SS: [`t${count}`] } };
      expect(await db.get('A')).toMatchObject(stored);
    }
  });

  test('a condition that comes again is held against its own values', async () => {
    const attempt = (count: string) =>
      update({
        UpdateExpression: 'SET seen = :yes',
        ConditionExpression: 'attribute_exists(pk) AND #count = :count',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':yes': { BOOL: true }, ':count': { N: count } },
      });
    const attempts = [await attempt('5'), await attempt('6'), await attempt('5.0')];
    expect(attempts).toEqual(['done', 'The conditional request failed', 'done']);
  });

  test('an expression that comes again under other names means those', async () => {
    for (const name of ['one', 'two']) {
      const ExpressionAttributeValues = { ':value': { S: name } };
      const ExpressionAttributeNames = { '#name': name };
      const UpdateExpression = 'SET #name = :value';
      await update({ UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues });
    }
    expect(await db.get('A')).toMatchObject({ one: { S: 'one' }, two: { S: 'two' } });
  });

  test.each<[string, AttributeValue, AttributeValue]>([
    ['a number that is none', { N: '1' }, { N: 'one' }],
    ['an empty set', { SS: ['a'] }, { SS: [] }],
    ['a set with one member twice', { SS: ['a', 'b'] }, { SS: ['a', 'a'] }],
    ['a set of numbers in a list that is none', { L: [{ NS: ['1'] }] }, { L: [{ NS: ['x'] }] }],
  ])('a value of the same type is refused for itself: %s', async (_, sound, unsound) => {
    const attempt = (value: AttributeValue) =>
      update({
        UpdateExpression: 'SET held = :value',
        ExpressionAttributeValues: { ':value': value },
      });
    expect(await attempt(sound)).toBe('done');
    expect(await attempt(unsound)).not.toBe('done');
    expect(await attempt(sound)).toBe('done');
  });

  test.each<[string, string, AttributeValue, AttributeValue]>([
    ['bounds the wrong way round', '#count BETWEEN :a AND :b', { N: '9' }, { N: '1' }],
    [
      'a type that there is not',
      'attribute_type(#count, :a) OR #count = :b',
      { S: 'X' },
      { N: '5' },
    ],
    ['a set that orders nothing', '#count > :a OR #count = :b', { NS: ['1'] }, { N: '5' }],
  ])('a condition of the same text is refused for its values: %s', async (_, condition, a, b) => {
    const attempt = (values: Values['ExpressionAttributeValues']) =>
      update({
        UpdateExpression: 'SET held = :held',
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':held': { BOOL: true }, ...values },
      });
    const sound = { ':a': condition.includes('type') ? { S: 'N' } : { N: '1' }, ':b': { N: '9' } };
    expect(await attempt(sound)).toBe('done');
    expect(await attempt({ ':a': a, ':b': b })).toMatch(/Invalid ConditionExpression/);
    expect(await attempt(sound)).toBe('done');
  });

  test('a key condition with its operands exchanged finds the same each time it comes', async () => {
    const put = (sk: string) =>
      db.client.send(
        new PutItemCommand({ TableName: NAMES.data, Item: { pk: { S: 'Q' }, sk: { S: sk } } }),
      );
    await Promise.all(['A', 'B', 'C'].map(put));
    const from = async (sk: string) => {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName: NAMES.data,
          KeyConditionExpression: 'pk = :pk AND :sk < sk',
          ExpressionAttributeValues: { ':pk': { S: 'Q' }, ':sk': { S: sk } },
        }),
      );
      return Items.map((item) => item['sk']?.S);
    };
    expect([await from('A'), await from('B'), await from('A')]).toEqual([
      ['B', 'C'],
      ['C'],
      ['B', 'C'],
    ]);
  });
});
