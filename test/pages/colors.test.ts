import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Color,
  contrast,
  formatColor,
  luminance,
  parseColor,
} from '../../functions/pages/colors.ts';
import { createPalettes, type Palette } from '../../functions/pages/theme.ts';

const channel = fc.integer({ min: 0, max: 255 });
const color: fc.Arbitrary<Color> = fc.tuple(channel, channel, channel);

/** Which colour is written on which ground, anywhere on a page or in a mail. */
const READ_ON: ReadonlyArray<readonly [keyof Palette, keyof Palette]> = [
  ['text', 'canvas'],
  ['text', 'surface'],
  ['text', 'wash'],
  ['muted', 'canvas'],
  ['muted', 'surface'],
  ['accent', 'surface'],
  ['accent', 'canvas'],
  ['accent', 'wash'],
  ['danger', 'surface'],
  ['danger', 'dangerWash'],
  ['buttonInk', 'button'],
  ['buttonInk', 'buttonHover'],
];

/** Shapes that one must see to use a control (WCAG 2.2 §1.4.11). */
const SEEN_ON: ReadonlyArray<readonly [keyof Palette, keyof Palette]> = [
  ['edge', 'surface'],
  ['button', 'surface'],
  ['accent', 'surface'],
  ['danger', 'surface'],
];

/** 0, 15, … 255 of each channel: the corners of the cube are the brands that fail first. */
const LEVELS = Array.from({ length: 18 }, (_, index) => index * 15);
const PALETTES = LEVELS.flatMap((red) =>
  LEVELS.flatMap((green) =>
    LEVELS.map((blue) => {
      const brand = formatColor([red, green, blue]);
      return { brand, ...createPalettes(brand) };
    }),
  ),
);

/** Brands that leave less than `minimum` contrast between the two colours. */
function brandsBelow(
  minimum: number,
  scheme: 'light' | 'dark',
  shape: keyof Palette,
  ground: keyof Palette,
): ReadonlyArray<string> {
  return PALETTES.filter(
    ({ [scheme]: palette }) => contrast(palette[shape], palette[ground]) < minimum,
  ).map(({ brand }) => brand);
}

describe.each(['light', 'dark'] as const)('the %s palette of any brand colour', (scheme) => {
  test.each(READ_ON)('%s on %s has a contrast of at least 4.5', (ink, ground) => {
    expect(brandsBelow(4.5, scheme, ink, ground)).toEqual([]);
  });

  test.each(SEEN_ON)('%s on %s has a contrast of at least 3', (shape, ground) => {
    expect(brandsBelow(3, scheme, shape, ground)).toEqual([]);
  });
});

test('notices and tags stand out from a dark card, whatever the brand colour', () => {
  expect(brandsBelow(1.2, 'dark', 'wash', 'surface')).toEqual([]);
});

test('a brand that can be seen is used as it is', () => {
  expect(formatColor(createPalettes('#c2410c').light.button)).toBe('#c2410c');
});

test.each(['', 'red', '#fff', '#12345g', '#1234567', '#123456;}*{color:red', ' #123456'])(
  '%j is no colour, and the house’s own is used',
  (hex) => {
    expect(parseColor(hex)).toBeUndefined();
    expect(createPalettes(hex)).toEqual(createPalettes(undefined));
  },
);

test('colours survive being written and read', () => {
  fc.assert(
    fc.property(color, (one) => {
      expect(parseColor(formatColor(one))).toEqual(one);
    }),
  );
});

test('contrast is that of WCAG: 21 between black and white, the same both ways', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 10);
  expect(luminance([255, 255, 255])).toBeCloseTo(1, 10);
  expect(contrast([255, 255, 255], [118, 118, 118])).toBeCloseTo(4.54, 2);
  fc.assert(
    fc.property(color, color, (one, other) => {
      expect(contrast(one, other)).toBe(contrast(other, one));
    }),
  );
});
