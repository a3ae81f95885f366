import { expect, it } from 'vitest';
import {
  findPersonEntity,
  isTold,
  PERSON_ENTITIES,
} from '../../functions/adapters/dynamodb/person-items.ts';

it.each([
  ['ACCOUNT', 'ACCOUNT'],
  ['ACCOUNT#PASSWORD', 'PASSWORD'],
  ['ACCOUNT#PRIVACY', 'PRIVACY'],
  ['ACT#2026-11-22T11:39:11.000Z#x', 'ACT'],
  ['CONSENT#app', 'CONSENT'],
  ['CONSENT-EVENT#2026-11-22T11:39:11.000Z#x', 'CONSENT-EVENT'],
  ['SESSION#x', 'SESSION'],
])('the sort key %s belongs to %s', (sortKey, entity) => {
  expect(findPersonEntity(sortKey)).toBe(entity);
});

it('a sort key that nobody has entered belongs to nothing, and is passed over by nobody', () => {
  expect(findPersonEntity('ACCOUNT#PASSKEY')).toBeUndefined();
  expect(findPersonEntity('DEVICE#x')).toBeUndefined();
  expect(findPersonEntity('')).toBeUndefined();
});

it('every entity is told, but those that are told as something else', () => {
  const withheld = Object.keys(PERSON_ENTITIES).filter(
    (name) => !isTold(name as keyof typeof PERSON_ENTITIES),
  );
  expect(withheld).toEqual(['ACT', 'PRIVACY-REQUEST']);
});
