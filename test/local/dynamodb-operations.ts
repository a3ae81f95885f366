/**
 * Random DynamoDB requests over a small key space and a fixed set of attributes, valid and invalid,
 * so that two engines can be asked the same and their answers compared.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

/** Items of `WORDS` are sorted by a string, those of `NUMBERS` by a number. */
export const TABLES = { words: 'words-eu', numbers: 'numbers-eu' } as const;

export type OperationName =
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'Query'
  | 'Scan'
  | 'BatchGetItem'
  | 'TransactWriteItems'
  | 'TransactGetItems';

export interface Operation {
  readonly name: OperationName;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Fragment {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
}

const ATTRIBUTES = ['num', 'txt', 'flag', 'list', 'map', 'sset', 'nset', 'bin'] as const;

const text = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'é', 'z');
// In plain notation: DynamoDB Local leaves others inside lists and maps as they are, AWS does not.
const number = fc.constantFrom('0', '1', '-1', '2', '10', '-10.5', '0.001', '99999999999999999999');
const bytes = fc
  .constantFrom('', 'AQ', 'AQID', '/w==')
  .map((base64) => Buffer.from(base64, 'base64'));

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  text.map((S) => ({ S })),
  number.map((N) => ({ N })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
);

const BY_ATTRIBUTE: Readonly<Record<(typeof ATTRIBUTES)[number], fc.Arbitrary<AttributeValue>>> = {
  num: number.map((N) => ({ N })),
  txt: text.map((S) => ({ S })),
  flag: fc.boolean().map((BOOL) => ({ BOOL })),
  list: fc.array(scalar, { maxLength: 3 }).map((L) => ({ L })),
  map: fc.dictionary(fc.constantFrom('x', 'y'), scalar, { maxKeys: 2 }).map((M) => ({ M })),
  sset: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((SS) => ({ SS })),
  nset: fc.uniqueArray(fc.constantFrom('1', '2', '3.5'), { minLength: 1 }).map((NS) => ({ NS })),
  bin: bytes.map((B) => ({ B })),
};

const attribute = fc.constantFrom(...ATTRIBUTES);
const anyValue = fc.oneof(
  { weight: 3, arbitrary: attribute.chain((name) => BY_ATTRIBUTE[name]) },
  { weight: 1, arbitrary: scalar },
);

const wordKey = fc.record({
  pk: fc.constantFrom('P', 'Q').map((S) => ({ S })),
  sk: fc.constantFrom('A#1', 'A#2', 'A#3', 'B#1').map((S) => ({ S })),
});
const numberKey = fc.record({
  pk: fc.constantFrom('P', 'Q').map((S) => ({ S })),
  sk: fc.constantFrom('-2', '-1.5', '0', '1', '9', '10').map((N) => ({ N })),
});
const wrongKey = fc.constantFrom<Record<string, AttributeValue>>(
  { pk: { S: 'P' } },
  { pk: { S: 'P' }, sk: { BOOL: true } },
  { pk: { S: '' }, sk: { S: 'A#1' } },
);

const keyed = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.constant(TABLES.words), wordKey) },
  { weight: 6, arbitrary: fc.tuple(fc.constant(TABLES.numbers), numberKey) },
  { weight: 1, arbitrary: fc.tuple(fc.constant(TABLES.words), wrongKey) },
);

const attributes = fc.record(BY_ATTRIBUTE, { requiredKeys: [] });

/** `#num` → the attribute, also inside a list or map. */
const path: fc.Arbitrary<Fragment> = fc.oneof(
  { weight: 6, arbitrary: attribute.map((name) => named(name)) },
  { weight: 1, arbitrary: fc.constantFrom('x', 'y').map((member) => within('map', `.${member}`)) },
  { weight: 1, arbitrary: fc.nat(2).map((index) => within('list', `[${index}]`)) },
  { weight: 1, arbitrary: fc.constant(named('pk')) },
);

/** A path that an update may change: keys are left to a promise of their own. */
const changeable = path.filter(({ text: one }) => one !== '#pk');

function named(name: string): Fragment {
  return { text: `#${name}`, names: { [`#${name}`]: name }, values: {} };
}

function within(name: string, step: string): Fragment {
  return { ...named(name), text: `#${name}${step}` };
}

function literal(value: AttributeValue): Fragment {
  // Named by content, so that fragments can be put together without clashes.
  const name = `:v${Buffer.from(JSON.stringify(value)).toString('hex')}`;
  return { text: name, names: {}, values: { [name]: value } };
}

function compose(
  parts: ReadonlyArray<Fragment>,
  render: (texts: ReadonlyArray<string>) => string,
): Fragment {
  return {
    text: render(parts.map((part) => part.text)),
    names: Object.assign({}, ...parts.map((part) => part.names)),
    values: Object.assign({}, ...parts.map((part) => part.values)),
  };
}

const value = anyValue.map(literal);
const size = path.map((one) => compose([one], ([a]) => `size(${a})`));
const operand = fc.oneof(
  { weight: 5, arbitrary: path },
  { weight: 5, arbitrary: value },
  { weight: 1, arbitrary: size },
);

const comparison = fc.oneof(
  fc
    .tuple(operand, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), operand)
    .map(([a, sign, b]) => compose([a, b], ([x, y]) => `${x} ${sign} ${y}`)),
  path.map((one) => compose([one], ([a]) => `attribute_exists(${a})`)),
  path.map((one) => compose([one], ([a]) => `attribute_not_exists(${a})`)),
  fc
    .tuple(
      path,
      fc.constantFrom('S', 'N', 'BOOL', 'SS', 'L', 'M', 'NULL', 'B').map((S) => literal({ S })),
    )
    .map((pair) => compose(pair, ([a, b]) => `attribute_type(${a}, ${b})`)),
  fc
    .tuple(
      path,
      text.map((S) => literal({ S })),
    )
    .map((pair) => compose(pair, ([a, b]) => `begins_with(${a}, ${b})`)),
  fc.tuple(path, value).map((pair) => compose(pair, ([a, b]) => `contains(${a}, ${b})`)),
  fc
    .tuple(operand, number, number)
    .map(([a, b, c]) =>
      compose(
        [a, literal({ N: b }), literal({ N: c })],
        ([x, y, z]) => `${x} BETWEEN ${y} AND ${z}`,
      ),
    ),
  fc
    .tuple(operand, fc.array(operand, { minLength: 1, maxLength: 3 }))
    .map(([a, list]) => compose([a, ...list], ([x, ...rest]) => `${x} IN (${rest.join(', ')})`)),
);

const condition: fc.Arbitrary<Fragment> = fc.letrec<{ condition: Fragment; comparison: Fragment }>(
  (tie) => ({
    comparison,
    condition: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 4, arbitrary: tie('comparison') },
      {
        weight: 1,
        arbitrary: fc
          .tuple(tie('condition'), tie('condition'))
          .map((pair) => compose(pair, ([a, b]) => `(${a}) AND (${b})`)),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(tie('condition'), tie('condition'))
          .map((pair) => compose(pair, ([a, b]) => `${a} OR ${b}`)),
      },
      {
        weight: 1,
        arbitrary: tie('condition').map((one) => compose([one], ([a]) => `NOT (${a})`)),
      },
    ),
  }),
).condition;

const setOperand = fc.oneof(
  { weight: 4, arbitrary: value },
  { weight: 1, arbitrary: path },
  {
    weight: 2,
    arbitrary: fc
      .tuple(path, value)
      .map((pair) => compose(pair, ([a, b]) => `if_not_exists(${a}, ${b})`)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constant(named('num')), number, number, fc.constantFrom('+', '-'))
      .map(([a, start, by, sign]) =>
        compose(
          [a, literal({ N: start }), literal({ N: by })],
          ([x, y, z]) => `if_not_exists(${x}, ${y}) ${sign} ${z}`,
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: number.map((by) =>
      compose([named('num'), literal({ N: by })], ([a, b]) => `${a} + ${b}`),
    ),
  },
  {
    weight: 1,
    arbitrary: BY_ATTRIBUTE.list.map((more) =>
      compose([named('list'), literal(more)], ([a, b]) => `list_append(${a}, ${b})`),
    ),
  },
);

const target = fc.oneof(
  { weight: 8, arbitrary: attribute.map(named) },
  { weight: 2, arbitrary: changeable },
);

function section(word: string, action: fc.Arbitrary<Fragment>): fc.Arbitrary<Fragment> {
  return fc
    .array(action, { minLength: 1, maxLength: 2 })
    .map((actions) => compose(actions, (texts) => `${word} ${texts.join(', ')}`));
}

const update = fc
  .tuple(
    fc.option(
      section(
        'SET',
        fc.tuple(target, setOperand).map((pair) => compose(pair, ([a, b]) => `${a} = ${b}`)),
      ),
      { freq: 4 },
    ),
    fc.option(section('REMOVE', target), { freq: 1 }),
    fc.option(
      section(
        'ADD',
        fc.oneof(
          BY_ATTRIBUTE.num.map((by) =>
            compose([named('num'), literal(by)], (pair) => pair.join(' ')),
          ),
          BY_ATTRIBUTE.sset.map((by) =>
            compose([named('sset'), literal(by)], (pair) => pair.join(' ')),
          ),
          fc
            .tuple(target, anyValue)
            .map(([a, by]) => compose([a, literal(by)], (pair) => pair.join(' '))),
        ),
      ),
      { freq: 1 },
    ),
    fc.option(
      section(
        'DELETE',
        BY_ATTRIBUTE.sset.map((gone) =>
          compose([named('sset'), literal(gone)], (pair) => pair.join(' ')),
        ),
      ),
      { freq: 1 },
    ),
  )
  .map((sections) => sections.filter((one) => one !== null))
  .filter((sections) => sections.length > 0)
  .map((sections) => compose(sections, (texts) => texts.join(' ')));

/** The request members that carry expressions, with the names and values they use. */
function withExpressions(
  expressions: Readonly<Record<string, Fragment | null>>,
): Record<string, unknown> {
  const present = Object.entries(expressions).flatMap(([member, one]) =>
    one ? [[member, one] as const] : [],
  );
  const all = compose(
    present.map(([, one]) => one),
    () => '',
  );
  return {
    ...Object.fromEntries(present.map(([member, one]) => [member, one.text])),
    ...(Object.keys(all.names).length > 0 && { ExpressionAttributeNames: all.names }),
    ...(Object.keys(all.values).length > 0 && { ExpressionAttributeValues: all.values }),
  };
}

const maybeCondition = fc.option(condition, { freq: 2 });
const failureItem = fc.constantFrom({}, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });

const putBody = fc
  .tuple(keyed, attributes, maybeCondition, failureItem)
  .map(([[TableName, key], more, when, onFailure]) => ({
    TableName,
    Item: { ...more, ...key },
    ...withExpressions({ ConditionExpression: when }),
    ...(when && onFailure),
  }));

const updateBody = fc
  .tuple(keyed, update, maybeCondition, failureItem)
  .map(([[TableName, Key], change, when, onFailure]) => ({
    TableName,
    Key,
    ...withExpressions({ UpdateExpression: change, ConditionExpression: when }),
    ...(when && onFailure),
  }));

const deleteBody = fc
  .tuple(keyed, maybeCondition, failureItem)
  .map(([[TableName, Key], when, onFailure]) => ({
    TableName,
    Key,
    ...withExpressions({ ConditionExpression: when }),
    ...(when && onFailure),
  }));

const checkBody = fc
  .tuple(keyed, condition, failureItem)
  .map(([[TableName, Key], when, onFailure]) => ({
    TableName,
    Key,
    ...withExpressions({ ConditionExpression: when }),
    ...onFailure,
  }));

const projection = fc.option(
  fc
    .uniqueArray(attribute, { minLength: 1, maxLength: 3 })
    .map((names) => compose(names.map(named), (texts) => texts.join(', '))),
  { freq: 1 },
);

const rangeCondition = fc.oneof(
  fc.constant(null),
  fc
    .tuple(fc.constantFrom('=', '<', '<=', '>', '>='), fc.boolean())
    .chain(([sign, words]) =>
      rangeValue(words).map((bound) =>
        compose([named('sk'), bound], ([a, b]) => `${a} ${sign} ${b}`),
      ),
    ),
  fc.boolean().chain((words) =>
    fc
      .tuple(rangeValue(words), rangeValue(words))
      // Equal bounds: DynamoDB Local knows that there is no second page, AWS and we do not look.
      .filter(([low, high]) => low.text !== high.text)
      .map(([low, high]) =>
        compose([named('sk'), low, high], ([a, b, c]) => `${a} BETWEEN ${b} AND ${c}`),
      ),
  ),
  fc
    .constantFrom('A', 'A#', 'B#1')
    .map((S) => compose([named('sk'), literal({ S })], ([a, b]) => `begins_with(${a}, ${b})`)),
);

function rangeValue(words: boolean): fc.Arbitrary<Fragment> {
  return (words ? wordKey : numberKey).map(({ sk }) => literal(sk));
}

const queryBody = fc
  .tuple(
    fc.constantFrom(...Object.values(TABLES)),
    fc.constantFrom('P', 'Q'),
    rangeCondition,
    fc.option(condition, { freq: 1 }),
    projection,
    fc.record(
      {
        Limit: fc.integer({ min: 1, max: 3 }),
        ScanIndexForward: fc.boolean(),
        ConsistentRead: fc.boolean(),
        Select: fc.constant('COUNT'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([TableName, S, range, filter, projected, settings]) => {
    const partition = compose([named('pk'), literal({ S })], ([a, b]) => `${a} = ${b}`);
    const when = range ? compose([partition, range], ([a, b]) => `${a} AND ${b}`) : partition;
    return {
      TableName,
      ...settings,
      ...withExpressions({
        KeyConditionExpression: when,
        FilterExpression: filter,
        ProjectionExpression: projected,
      }),
    };
  });

const scanBody = fc
  .tuple(fc.constantFrom(...Object.values(TABLES)), fc.option(condition), projection)
  .map(([TableName, filter, projected]) => ({
    TableName,
    ...withExpressions({ FilterExpression: filter, ProjectionExpression: projected }),
  }));

const getBody = fc.tuple(keyed, projection).map(([[TableName, Key], projected]) => ({
  TableName,
  Key,
  ...withExpressions({ ProjectionExpression: projected }),
}));

/** One item at most once: DynamoDB Local finds out about repetition too late. */
function distinct<T>(items: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<Array<T>> {
  return fc.uniqueArray(items, { minLength: 1, maxLength, selector: identityOf });
}

function identityOf(item: unknown): string {
  const text = JSON.stringify(item);
  const table = /"TableName":"([^"]*)"/.exec(text)?.[1];
  const sort = /"sk":{"(.)":"([^"]*)"}/.exec(text);
  const sk = sort?.[1] === 'N' ? Number(sort[2]) : sort?.[2];
  return `${table} ${/"pk":{"S":"(.*?)"}/.exec(text)?.[1]} ${sk}`;
}

const transactItem = fc.oneof(
  putBody.map((Put) => ({ Put })),
  updateBody.map((Update) => ({ Update })),
  deleteBody.map((Delete) => ({ Delete })),
  checkBody.map((ConditionCheck) => ({ ConditionCheck })),
);

const batchKeys = fc.record(
  {
    [TABLES.words]: fc.array(wordKey, { minLength: 1, maxLength: 3 }).map((Keys) => ({ Keys })),
    [TABLES.numbers]: fc.array(numberKey, { minLength: 1, maxLength: 3 }).map((Keys) => ({ Keys })),
  },
  { requiredKeys: [] },
);

function withReturnValues(
  body: fc.Arbitrary<Record<string, unknown>>,
  kinds: ReadonlyArray<string>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(body, fc.constantFrom(...kinds)).map(([input, asked]) => {
    // Of a nested path, AWS returns what was updated, DynamoDB Local the whole attribute.
    const nested = /[.[]/.test(String(input['UpdateExpression']));
    return { ...input, ReturnValues: nested ? asked.replace('UPDATED', 'ALL') : asked };
  });
}

function operation(
  name: OperationName,
  input: fc.Arbitrary<Record<string, unknown>>,
): fc.Arbitrary<Operation> {
  return input.map((body) => ({ name, input: body }));
}

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: operation('PutItem', withReturnValues(putBody, ['NONE', 'ALL_OLD'])) },
  {
    weight: 8,
    arbitrary: operation(
      'UpdateItem',
      withReturnValues(updateBody, ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']),
    ),
  },
  {
    weight: 2,
    arbitrary: operation('DeleteItem', withReturnValues(deleteBody, ['NONE', 'ALL_OLD'])),
  },
  { weight: 2, arbitrary: operation('GetItem', getBody) },
  { weight: 3, arbitrary: operation('Query', queryBody) },
  { weight: 2, arbitrary: operation('Scan', scanBody) },
  {
    weight: 1,
    arbitrary: operation(
      'BatchGetItem',
      batchKeys.map((RequestItems) => ({ RequestItems })),
    ),
  },
  {
    weight: 4,
    arbitrary: operation(
      'TransactWriteItems',
      distinct(transactItem, 4).map((TransactItems) => ({ TransactItems })),
    ),
  },
  {
    weight: 1,
    arbitrary: operation(
      'TransactGetItems',
      distinct(getBody, 3).map((bodies) => ({ TransactItems: bodies.map((Get) => ({ Get })) })),
    ),
  },
);
