import { describe, expect, test } from 'vitest';
import type { MessageKey } from '../../functions/pages/form-state.ts';
import { chooseLanguage, formatTime, LANGUAGES, translate } from '../../functions/pages/locale.ts';
import { en, type Messages } from '../../functions/pages/messages/en.ts';
import type { Text } from '../../functions/pages/messages/text.ts';

const KEYS = Object.keys(en).filter((key): key is MessageKey => Object.hasOwn(en, key));

function sentences(text: Text): ReadonlyArray<string> {
  if (typeof text === 'string') return [text];
  const { count: _, ...forms } = text;
  return Object.values(forms);
}

function placeholders(text: Text): ReadonlyArray<string> {
  const names = sentences(text).flatMap((sentence) => sentence.match(/\{[a-z]+\}/g) ?? []);
  return [...new Set(names)].sort();
}

describe.each(LANGUAGES)('messages in $name', ({ tag, messages }) => {
  test('have the placeholders of the English ones', () => {
    const named = (of: Messages) => KEYS.map((key) => [key, placeholders(of[key])]);
    expect(named(messages)).toEqual(named(en));
  });

  test('are trimmed sentences without stray braces', () => {
    for (const sentence of KEYS.flatMap((key) => sentences(messages[key]))) {
      expect(sentence).toBe(sentence.trim());
      expect(sentence.replace(/\{[a-z]+\}/g, '')).not.toMatch(/[{}]|^$/);
    }
  });

  test('have each plural form of the language where they count', () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const text of Object.values<Text>(messages)) {
      if (typeof text !== 'string')
        expect(Object.keys(text)).toEqual(expect.arrayContaining(categories));
    }
  });
});

test('no German message was left in English', () => {
  const german: Messages = chooseLanguage(['de']).messages;
  // Names of places may be the same in both.
  const same = KEYS.filter((key) => !key.startsWith('place.')).filter(
    (key) => JSON.stringify(german[key]) === JSON.stringify(en[key]),
  );
  expect(same).toEqual([]);
});

describe('the language is looked up as RFC 4647 §3.4 says', () => {
  test.each([
    [['de'], 'de'],
    [['de-CH-1996'], 'de'],
    [['DE-at'], 'de'],
    [['de-x-private'], 'de'],
    [['fr', 'de'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['fr-CA', 'ja'], 'en'],
    [['den'], 'en'],
    [[''], 'en'],
    [['*', 'de'], 'de'],
    [[], 'en'],
  ])('%j → %s', (ranges, tag) => {
    expect(chooseLanguage(ranges).tag).toBe(tag);
  });

  test('a list without end is not followed to its end', () => {
    expect(chooseLanguage([...Array(5000).fill('xx'), 'de']).tag).toBe('en');
  });
});

describe('sentences', () => {
  const english = chooseLanguage(['en']);
  const german = chooseLanguage(['de']);

  test.each([
    [1, 'This code is not right. You have 1 try left.'],
    [2, 'This code is not right. You have 2 tries left.'],
    [0, 'This code is not right. You have 0 tries left.'],
  ])('count %i in the right form', (left, sentence) => {
    expect(translate({ key: 'error.code-wrong', values: { left } }, english)).toBe(sentence);
  });

  test('a value that looks like a placeholder stays what it is', () => {
    const message = { key: 'scope.other', values: { scope: '{scope} $& $1' } } as const;
    expect(translate(message, english)).toBe('use “{scope} $& $1”');
  });

  test('times name their zone and follow the language', () => {
    expect(formatTime(1_790_060_000, english, 'long')).toBe('22 September 2026 at 06:53 UTC');
    expect(formatTime(1_790_060_000, german, 'long')).toBe('22. September 2026 um 06:53 UTC');
  });
});
