import { describe, expect, it } from 'vitest';
import { EventPatternError, parseEventPattern } from '../../local/events/event-pattern.ts';

const EVENT = {
  source: 'domicile.privacy',
  'detail-type': 'ErasureRequested',
  resources: ['a', 'b'],
  detail: { count: 3, state: 'open', nothing: null, on: true, items: [{ id: 'x' }, { id: 'y' }] },
};

describe('an event pattern', () => {
  it.each<[string, unknown, boolean]>([
    ['a value', { source: ['domicile.privacy'] }, true],
    ['one value of several', { source: ['other', 'domicile.privacy'] }, true],
    ['another value', { source: ['other'] }, false],
    ['all fields', { source: ['domicile.privacy'], 'detail-type': ['Other'] }, false],
    ['a nested value', { detail: { state: ['open'] } }, true],
    ['null, numbers and truth', { detail: { nothing: [null], count: [3], on: [true] } }, true],
    ['a number that is text', { detail: { count: ['3'] } }, false],
    ['a member of a list', { resources: ['b'] }, true],
    ['no member of a list', { resources: ['c'] }, false],
    ['a field in one object of a list', { detail: { items: { id: ['y'] } } }, true],
    ['a prefix', { source: [{ prefix: 'domicile.' }] }, true],
    ['another prefix', { source: [{ prefix: 'other.' }] }, false],
    ['a suffix', { source: [{ suffix: '.privacy' }] }, true],
    ['a word in other letters', { source: [{ 'equals-ignore-case': 'DOMICILE.Privacy' }] }, true],
    ['anything but a value', { detail: { state: [{ 'anything-but': 'closed' }] } }, true],
    ['anything but what it is', { detail: { state: [{ 'anything-but': ['open'] }] } }, false],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'dom' } }] }, false],
    ['anything but, where nothing is', { detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    ['a number in a range', { detail: { count: [{ numeric: ['>', 0, '<=', 3] }] } }, true],
    ['a number outside it', { detail: { count: [{ numeric: ['<', 3] }] } }, false],
    ['a field that exists', { detail: { nothing: [{ exists: true }] } }, true],
    ['a field that does not', { detail: { absent: [{ exists: false }] } }, true],
    ['the lack of a field that exists', { detail: { state: [{ exists: false }] } }, false],
    [
      'one of two patterns',
      { $or: [{ source: ['x'] }, { 'detail-type': [{ prefix: 'E' }] }] },
      true,
    ],
    [
      'a leaf alone: what has fields of its own does not count',
      { detail: [{ exists: true }] },
      false,
    ],
    ['none of two patterns', { $or: [{ source: ['x'] }, { source: ['y'] }] }, false],
  ])('by %s', (_, pattern, fits) => {
    expect(parseEventPattern(pattern)(EVENT)).toBe(fits);
  });

  it.each<[string, unknown]>([
    ['is empty', {}],
    ['is a list', []],
    ['wants a bare value', { source: 'x' }],
    ['wants nothing', { source: [] }],
    ['compares in a way nobody knows', { source: [{ like: 'x' }] }],
    ['compares in two ways at once', { source: [{ prefix: 'x', suffix: 'y' }] }],
    ['has a prefix that is no text', { source: [{ prefix: 1 }] }],
    ['counts with words', { detail: { count: [{ numeric: ['>', 'x'] }] } }],
    ['compares numbers in a way nobody knows', { detail: { count: [{ numeric: ['~', 1] }] } }],
    ['leaves no choice', { $or: [{ source: ['x'] }] }],
  ])('that %s is refused', (_, pattern) => {
    expect(() => parseEventPattern(pattern)).toThrow(EventPatternError);
  });
});
