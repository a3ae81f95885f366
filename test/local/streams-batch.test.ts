import { describe, expect, it } from 'vitest';
import {
  countDone,
  halve,
  sequenceOf,
  toBatches,
  toEventRecord,
} from '../../local/streams/batch.ts';

const record = (sequence: number, text = '') => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: String(sequence), NewImage: { pk: { S: text } } },
});
const batch = [1, 2, 3, 4].map((sequence) => record(sequence));

describe('records', () => {
  it('are put together in order, as many as the mapping says', () => {
    const sequences = toBatches([...batch, record(5)], 2).map((one) => one.map(sequenceOf));
    expect(sequences).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('are put together within what a function can be invoked with', () => {
    const large = 'x'.repeat(2.5 * 1024 * 1024);
    const sizes = toBatches(
      [1, 2, 3].map((one) => record(one, large)),
      100,
    ).map(({ length }) => length);
    expect(sizes).toEqual([2, 1]);
  });

  it('tell the function which stream they come from, and that TTL was it, in Lambda’s own letters', () => {
    const expired = {
      ...record(1),
      userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
    };
    expect(toEventRecord(expired, 'arn:stream')).toEqual({
      ...record(1),
      userIdentity: { principalId: 'dynamodb.amazonaws.com', type: 'Service' },
      eventSourceARN: 'arn:stream',
    });
  });

  it.each<[string, unknown, number]>([
    ['all of them without an answer', null, 4],
    ['all of them for an empty list', { batchItemFailures: [] }, 4],
    ['all of them without a list', { other: 1 }, 4],
    ['those before the failure', { batchItemFailures: [{ itemIdentifier: '3' }] }, 2],
    [
      'those before the first failure',
      { batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '2' }] },
      1,
    ],
    ['none when the first has failed', { batchItemFailures: [{ itemIdentifier: '1' }] }, 0],
    ['none for a record that is not there', { batchItemFailures: [{ itemIdentifier: '9' }] }, 0],
    ['none for an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, 0],
    ['none for no identifier', { batchItemFailures: [null] }, 0],
  ])('are done with by what the function answered: %s', (_, answer, done) => {
    expect(countDone(batch, answer)).toBe(done);
  });

  it('are halved in order', () => {
    expect(halve([1, 2, 3])).toEqual([[1, 2], [3]]);
  });
});
