import { describe, expect, test } from 'vitest';
import { parseCells, readCellTag, tagWithCell } from '../../functions/core/cells.ts';

const URLS = 'eu=https://eu.id.example.com,us=https://us.id.example.com';
const REGIONS = 'eu=eu-central-1,us=us-east-1';

describe('the topology that a function is given', () => {
  test('is read in the order in which the stacks wrote it', () => {
    const cells = parseCells('us', URLS, REGIONS);
    expect(cells.own).toEqual({
      name: 'us',
      region: 'us-east-1',
      url: 'https://us.id.example.com',
    });
    expect(cells.all.map(({ name }) => name)).toEqual(['eu', 'us']);
    expect(cells.areSeveral).toBe(true);
    expect(cells.find('ap')).toBeUndefined();
  });

  test('keeps a function from serving when it does not name the own cell, or a region lacks', () => {
    expect(() => parseCells('ap', URLS, REGIONS)).toThrow("none of the deployment's");
    expect(() => parseCells('eu', URLS, 'eu=eu-central-1')).toThrow('us has no region');
  });
});

describe('a cell tag', () => {
  test('stands in front of the first dot', () => {
    expect(readCellTag(tagWithCell('eu', 'a.b.c'))).toBe('eu');
  });

  test.each(['', '.x', 'e.x', 'EU.x', 'eu', 'eyJhbGciOi.x', '1a.x', 'e u.x'])(
    'is not found in %j',
    (text) => {
      expect(readCellTag(text)).toBeUndefined();
    },
  );
});
