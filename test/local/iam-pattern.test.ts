// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written like this.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches, matchesArn, parsePattern, parseText } from '../../local/iam/pattern.ts';

const NOTHING = () => undefined;

function parsed(text: string, variables: (name: string) => string | undefined = NOTHING) {
  const pattern = parsePattern(text, variables);
  if (pattern === undefined) throw new Error('a variable has no value');
  return pattern;
}

/** The definition, without regard to speed: `*` takes nothing, or one character and then as before. */
function matchesByDefinition(
  pattern: ReadonlyArray<string>,
  value: ReadonlyArray<string>,
): boolean {
  const [token, ...pending] = pattern;
  const [character, ...rest] = value;
  if (token === undefined) return character === undefined;
  if (token === '*') {
    return (
      matchesByDefinition(pending, value) ||
      (character !== undefined && matchesByDefinition(pattern, rest))
    );
  }
  return (
    character !== undefined &&
    (token === '?' || token === character) &&
    matchesByDefinition(pending, rest)
  );
}

describe('wildcards', () => {
  const text = (alphabet: ReadonlyArray<string>) =>
    fc.array(fc.constantFrom(...alphabet), { maxLength: 8 }).map((letters) => letters.join(''));

  test('match as their definition says, whatever the pattern and the value', () => {
    fc.assert(
      fc.property(text(['a', 'b', '😀', '*', '?']), text(['a', 'b', '😀']), (pattern, value) => {
        expect(matches(parsed(pattern), value)).toBe(matchesByDefinition([...pattern], [...value]));
      }),
      { numRuns: 2000 },
    );
  });

  test('every value matches itself and "*"', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ':', '#', '/') }), (value) => {
        expect(matches(parsed(value), value)).toBe(true);
        expect(matches(parsed('*'), value)).toBe(true);
      }),
    );
  });

  test('many stars cost no time that grows out of hand', () => {
    const started = performance.now();
    expect(matches(parsed(`${'a*'.repeat(40)}b`), 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('ARNs', () => {
  const table = 'arn:aws:dynamodb:eu-central-1:111122223333:table/people';
  test.each([
    ['*', true],
    [table, true],
    [`${table}*`, true],
    [`${table}/index/*`, false],
    ['arn:aws:dynamodb:*:111122223333:table/*', true],
    ['arn:aws:dynamodb:*:*:table/people', true],
    ['arn:*:dynamodb:*:*:*', true],
    ['arn:aws:dynamodb:*:table/people', false],
    ['arn:aws:s3:::*', false],
    ['arn:aws:dynamodb:eu-central-1:111122223333:TABLE/people', false],
    ['arn:aws:dynamodb:eu-*:111122223333:table/peopl?', true],
  ])('%s matches the table: %s', (pattern, expected) => {
    expect(matchesArn(parsed(pattern), table)).toBe(expected);
  });

  test('a star reaches across the colons of the last part only', () => {
    const log = 'arn:aws:logs:eu-central-1:111122223333:log-group:/a:log-stream:b';
    expect(matchesArn(parsed('arn:aws:logs:*:*:log-group:/a:*'), log)).toBe(true);
    expect(matchesArn(parsed('arn:aws:logs:*'), log)).toBe(false);
  });
});

describe('policy variables', () => {
  test('take their value from the request', () => {
    expect(parseText('table/${aws:PrincipalAccount}', () => '1')).toBe('table/1');
  });

  test('bring no wildcards with them', () => {
    const pattern = parsed('USER#${sub}', () => '*');
    expect(matches(pattern, 'USER#*')).toBe(true);
    expect(matches(pattern, 'USER#alice')).toBe(false);
  });

  test('without a value match nothing', () => {
    expect(parsePattern('${aws:username}', NOTHING)).toBeUndefined();
  });

  test('without a value take their default', () => {
    expect(parseText("${aws:username, 'nobody'}", NOTHING)).toBe('nobody');
  });

  test('spell the special characters', () => {
    const pattern = parsed('${*}${?}${$}');
    expect(matches(pattern, '*?$')).toBe(true);
    expect(matches(pattern, 'abc')).toBe(false);
  });
});
