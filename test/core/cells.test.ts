import { describe, expect, test } from 'vitest';
import {
  parseCells,
  readCellTag,
  requireOneSite,
  tagWithCell,
} from '../../functions/core/cells.ts';

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

describe('the URLs of several cells', () => {
  const check = (issuer: string, us: string) => () =>
    requireOneSite(parseCells('us', `eu=https://eu.id.example.com,us=${us}`, REGIONS), issuer);

  test.each([
    ['https://id.example.com', 'https://us.id.example.com'],
    ['https://id.example.com', 'https://us.id.example.com:8443'],
    ['https://id.example.com', 'https://id.example.com:8443'],
    ['https://example.com', 'https://any.id.example.com'],
  ])('may lie where cookies of %s go: %s', (issuer, us) => {
    expect(check(issuer, us)).not.toThrow();
  });

  test.each([
    ['https://id.example.com', 'https://us.example.com'],
    ['https://id.example.com', 'https://us-id.example.com'],
    ['https://id.example.com', 'https://usid.example.com'],
    ['https://id.example.com', 'https://id.example.com.evil.example'],
    ['https://id.example.com', 'http://localhost:4001'],
  ])('keep a function from serving elsewhere: %s, %s', (issuer, us) => {
    expect(check(issuer, us)).toThrow("the URL of the cell us is not below the issuer's host");
  });

  test('are one host on this machine', () => {
    const local = (us: string) => () =>
      requireOneSite(
        parseCells('eu', `eu=http://localhost:4001,us=${us}`, REGIONS),
        'http://localhost:4000',
      );
    expect(local('http://localhost:4002')).not.toThrow();
    expect(local('http://us.localhost:4002')).toThrow();
    expect(local('http://127.0.0.1:4002')).toThrow();
  });

  test('of one cell is wherever its API is', () => {
    const one = parseCells('eu', 'eu=https://api.example', 'eu=eu-central-1');
    expect(() => requireOneSite(one, 'https://id.example.com')).not.toThrow();
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
